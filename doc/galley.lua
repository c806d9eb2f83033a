-- galley.lua: where pages break.  The text of the environment galley is set in one long column;
-- here it is cut into pages, all at once and not one by one, so that
--   a chunk of up to eight lines stays whole, and of a longer one three lines at least stand on either side;
--   a chunk keeps the last two lines of the paragraph before it;
--   no line of a paragraph stands alone, no figure inside a chunk, and no page ends six lines too early.
-- White space between the parts may stretch a little for that.  Notes are laid into the margin afterwards.
-- What stands on each page goes to nn.pages, from which breaks.awk counts what went wrong.
galley = {}
local pt = 65536
local user = luatexbase.new_whatsit('galley')
local A = {}                                    -- attributes: chunk; of a line: its paragraph, number, how many
for _, name in ipairs{'chunk', 'par', 'line', 'lines', 'heading'} do A[name] = luatexbase.new_attribute('galley_' .. name) end
galley.chunk, galley.heading = A.chunk, A.heading
local HLIST, VLIST, RULE, WHATSIT = node.id('hlist'), node.id('vlist'), node.id('rule'), node.id('whatsit')
local GLUE, KERN, PENALTY, GLYPH = node.id('glue'), node.id('kern'), node.id('penalty'), node.id('glyph')
local USER = node.subtype('user_defined')
local events, pages = {}, {}

-- ---- while the column is set ------------------------------------------------
local function event(e)
  events[#events + 1] = e
  local n = node.new(WHATSIT, USER)
  n.user_id, n.type, n.value = user, 100, #events
  node.write(n)
end
local function take(register)
  local box = tex.box[register]
  local copy = node.copy(box)
  tex.setbox(register, nil)
  return copy
end
function galley.note(register) event{kind = 'note', box = take(register)} end
-- a float; its caption goes into the margin, if it has a box of its own
function galley.float(register, caption, name)
  event{kind = 'float', box = take(register), note = caption and take(caption), name = name}
end
-- how wide a float is by itself; a table that is too wide for the text has a longer line than it should
function galley.width(register)
  local box = tex.box[register]
  local width = box.width
  for l in node.traverse_id(HLIST, box.list) do
    if l.glue_sign ~= 1 then width = math.max(width, (node.dimensions(l.head))) end
  end
  tex.print(width .. 'sp')
end
function galley.head(kind, text) event{kind = kind, text = text} end
local paragraphs = 0
luatexbase.add_to_callback('post_linebreak_filter', function(head)
  local n, k = 0, 0
  for l in node.traverse_id(HLIST, head) do if l.subtype == 1 then n = n + 1 end end
  paragraphs = paragraphs + 1
  for l in node.traverse_id(HLIST, head) do
    if l.subtype == 1 then
      k = k + 1
      node.set_attribute(l, A.par, paragraphs)
      node.set_attribute(l, A.line, k)
      node.set_attribute(l, A.lines, n)
    end
  end
  return true
end, 'number the lines')

-- ---- the column as a list of boxes with gaps between them --------------------
local function is_event(n) return n.id == WHATSIT and n.subtype == USER and n.user_id == user and events[n.value] end

local function read(head)
  local boxes, floats = {}, {}
  local y, stretch, shrink = 0, 0, 0
  local gap = {cost = math.huge}
  local after_box = false
  local function legal(cost) if cost < gap.cost then gap.cost = cost end end
  for n in node.traverse(head) do
    local id = n.id
    if id == HLIST or id == VLIST or id == RULE then
      local b = {node = n, height = n.height, depth = n.depth, y = y, stretch = stretch, shrink = shrink, before = gap}
      if gap.forbidden and not gap.invited then gap.cost = math.huge end
      b.chunk = node.has_attribute(n, A.chunk)
      if b.chunk == 0 then b.chunk = nil end
      b.heading = node.has_attribute(n, A.heading)
      b.par, b.line, b.lines = node.has_attribute(n, A.par), node.has_attribute(n, A.line), node.has_attribute(n, A.lines)
      boxes[#boxes + 1] = b
      y = y + n.height + n.depth
      gap, after_box = {cost = math.huge}, true
    elseif id == GLUE then
      if after_box then legal(0) end
      y = y + n.width
      if n.stretch_order == 0 then stretch = stretch + n.stretch end
      if n.shrink_order == 0 then shrink = shrink + n.shrink end
      after_box = false
    elseif id == KERN then
      y = y + n.kern
    elseif id == PENALTY then
      if n.penalty >= 10000 then gap.forbidden = true else legal(n.penalty) end
      if n.penalty < 0 then gap.invited = true end
      after_box = false
    elseif id == WHATSIT then
      local e = is_event(n)
      if e then
        if e.kind == 'float' then
          e.anchor = #boxes
          floats[#floats + 1] = e
        elseif e.kind == 'chapter' then
          gap.chapter = e
        elseif e.kind == 'section' then
          gap.section = e
        end
      end
    end
  end
  return boxes, floats, y
end

local function first_glyph(list)
  for n in node.traverse(list) do
    if n.id == GLYPH then return n.char end
    local inside = (n.id == HLIST or n.id == VLIST) and first_glyph(n.list)
    if inside then return inside end
  end
end
local function last_glyph(list)
  local n = node.tail(list)
  while n do
    local char = n.id == GLYPH and n.char or (n.id == HLIST or n.id == VLIST) and n.list and last_glyph(n.list)
    if char then return char end
    n = n.prev
  end
end
-- what a break inside a chunk costs: little behind an empty line; more near the beginning, behind a comment and before
-- a closing brace; most inside a statement: behind a bracket, comma or quotation mark, and before an operator
local function cost_inside(before, b)
  local first = first_glyph(before.node.list)
  if not first then return 80 end
  local last, next = last_glyph(before.node.list), first_glyph(b.node.list) or 0
  local text = string.char(math.min(first, 255), math.min(last, 255), math.min(next, 255))
  if text:match('^[^#][),"{]') or text:match('^..[&|?+*=]') then return 300 end
  return (b.k <= 6 or text:match('^/') or text:match('}$')) and 200 or 120
end

-- what must stay together, besides what TeX's penalties say
local function together(boxes)
  local count = {}
  for i, b in ipairs(boxes) do
    if b.chunk then
      count[b.chunk] = (count[b.chunk] or 0) + 1
      b.k = count[b.chunk]
    end
  end
  for i, b in ipairs(boxes) do
    local a = boxes[i - 1]
    b.n = b.chunk and count[b.chunk]
    if a then
      if b.chunk and a.chunk == b.chunk then
        -- the first line is the chunk's name
        if b.n <= 9 or b.k <= 4 or b.n - b.k < 2 then b.before.cost = math.huge
        elseif b.before.cost < math.huge then b.before.cost = cost_inside(a, b) end
      elseif b.chunk and not a.chunk then
        if not b.before.chapter then b.before.cost = math.huge end
      elseif a.par and a.par == b.par and not b.chunk and (a.line == 1 or b.line == b.lines) then
        b.before.cost = math.huge
      end
    end
  end
end

-- ---- the cheapest way to cut it ---------------------------------------------
-- a float at the top or between two paragraphs, with its white space
local TOPSEP, HERESEP = 14 * pt, 13 * pt
local LINE = 12 * pt
local STRETCH = 1.5                             -- white space may grow by one and a half times what it says

local function float_height(e)
  local h = e.box.height + e.box.depth
  if e.note then h = math.max(h, e.note.height + e.note.depth) end
  return h
end

local function cut(boxes, floats, H)
  local m, nf = #boxes, #floats
  local topskip = tex.skip.topskip.width
  for _, e in ipairs(floats) do
    e.height = float_height(e)
    if e.height > H then tex.error('galley: higher than a page: ' .. e.name) end
  end
  -- best[s][f]: the text before box s and f floats are set
  local best = {[1] = {[0] = {cost = 0}}}
  local function offer(s, f, cost, from)
    best[s] = best[s] or {}
    if not best[s][f] or cost < best[s][f].cost then from.cost = cost; best[s][f] = from end
  end
  local function anchored(e) -- how many floats are called before the end of box e
    local lo, hi = 0, nf
    while lo < hi do
      local mid = math.floor((lo + hi + 1) / 2)
      if floats[mid].anchor <= e then lo = mid else hi = mid - 1 end
    end
    return lo
  end
  for s = 1, m do
    local states = best[s]
    if states then
      local first = boxes[s]
      local top = math.max(0, topskip - first.height)
      local split = s > 1 and first.chunk and boxes[s - 1].chunk == first.chunk
      -- f in order: a page of floats alone leads from f to more
      local fs = {}
      for f in pairs(states) do fs[#fs + 1] = f end
      table.sort(fs)
      local q = 1
      while fs[q] do
        local f = fs[q]
        local state = states[f]
        local pending = anchored(s - 1)
        -- pages of floats only
        if pending > f then
          local h = 0
          for g = f + 1, pending do
            h = h + floats[g].height + (g > f + 1 and TOPSEP or 0)
            if h > H then break end
            local isnew = not states[g]
            offer(s, g, state.cost + 300 + 3000 * (1 - h / H) + (H - h > 6 * LINE and 20000 or 0), {s = s, f = f, e = s - 1, t = g - f, h = 0, prev = state})
            if isnew then fs[#fs + 1] = g; table.sort(fs) end
          end
        end
        local chapter_at = first.before.chapter and s     -- where a chapter begins on this page
        for e = s, m do
          local b = boxes[e]
          if e > s and b.before.chapter then
            chapter_at = e
            if top + b.y - first.y > H * .66 then break end
          end
          local natural = top + b.y + b.height - first.y
          local stretch, shrink = b.stretch - first.stretch, b.shrink - first.shrink
          if natural - shrink > H then break end
          local after = boxes[e + 1]
          local gap = after and after.before or {cost = 0, last = true}
          local cost = gap.chapter and 0 or gap.cost
          if cost < math.huge then
            local avail = anchored(e)
            local due = anchored((gap.chapter or gap.last) and e or (chapter_at or 1) - 1)
            -- t floats at the top, but not above their chapter's title; then h where they are called
            local at_top = 0
            for t = 0, (split and 0 or math.min(3, avail - f)) do
              if t > 0 and chapter_at and floats[f + t].anchor >= chapter_at then break end
              if t > 0 then at_top = at_top + floats[f + t].height + TOPSEP end
              if at_top > .8 * H then break end
              local here, above, hcost = 0, 0, 0
              for h = 0, avail - f - t do
                local good = true
                if h > 0 then
                  local x = floats[f + t + h]
                  local g = boxes[x.anchor + 1]
                  if x.anchor < s or x.anchor >= e or g.before.cost == math.huge then break end
                  here = here + x.height + 2 * HERESEP
                  if chapter_at and x.anchor < chapter_at then above = here end
                  hcost = hcost + 25
                end
                local g = f + t + h
                local low = chapter_at and chapter_at > s
                  and top + boxes[chapter_at].y - first.y + at_top + above > H * .66
                if g >= due and not low then
                  local size = natural + at_top + here
                  local slack = H - size
                  if slack + shrink + 1 >= 0 then
                    local c = cost + hcost
                    if slack < 0 then
                      c = c + 60 * (-slack / shrink) ^ 3
                    elseif gap.last then
                      c = c + 0
                    elseif gap.chapter then
                      c = c + 500 * slack / H + (slack > .34 * H and 1500 or 0)
                    else
                      local extra = STRETCH * stretch
                      if slack <= extra then
                        c = c + 40 * (slack / extra) ^ 2
                      else
                        local short = (slack - extra) / LINE
                        c = c + 60 + 30 * short ^ 2 + (short > 5.4 and 20000 + 3000 * short or 0)
                      end
                    end
                    for k = f + 1, f + t do     -- at the top, though it's called further down, or pages before
                      local x = floats[k]
                      if x.anchor < s then c = c + 10 end
                    end
                    c = c + 150 * (avail - g) + 300   -- and a page costs something
                    offer(e + 1, g, state.cost + c, {s = s, f = f, e = e, t = t, h = h, prev = state})
                  end
                end
              end
            end
          end
        end
        q = q + 1
      end
    end
  end
  local last = best[m + 1] and best[m + 1][nf]
  if not last then
    local far, where = 1, 'the beginning'
    for s in pairs(best) do far = math.max(far, s) end
    for i = 1, far do where = boxes[i].before.section and boxes[i].before.section.text or where end
    tex.error('galley: after the last page that could be made, more than a page must stay together; the last section on it is ' .. where)
    return {}
  end
  local list = {}
  while last.prev do table.insert(list, 1, last); last = last.prev end
  return list
end

-- ---- make the pages ----------------------------------------------------------
local function glue(width) local g = node.new(GLUE); g.width = width; return g end
local function kern(width) local k = node.new(KERN); k.kern = width; return k end
local function append(list, n)
  if not list.head then list.head = n else list.tail.next = n; n.prev = list.tail end
  list.tail = node.tail(n)
end

-- the notes of a page: each beside its line, or below the one before it, or higher where the page ends
-- or a wide figure stands in the way, which is a note without a box
local function margin(notes, H, page)
  table.sort(notes, function(a, b) if a.y ~= b.y then return a.y < b.y end return a.order < b.order end)
  local SEP = 4 * pt
  local y = 0
  for _, n in ipairs(notes) do
    n.size = n.size or n.box.height + n.box.depth
    n.top = n.box and math.max(n.y - n.box.height, y) or n.y
    y = n.top + n.size + SEP
  end
  local limit = H + 3 * pt
  for i = #notes, 1, -1 do
    local n = notes[i]
    if n.box and n.top + n.size > limit then n.top = limit - n.size end
    limit = n.top - SEP
  end
  if notes[1] and notes[1].top < -3 * pt then
    texio.write_nl('log', 'galley: the notes of page ' .. page .. ' are longer than it')
  end
  local list, at = {}, 0
  for _, n in ipairs(notes) do
    if n.box then
      append(list, kern(n.top - at))
      append(list, n.box)
      at = n.top + n.size
    end
  end
  if not list.head then return end
  local column = node.vpack(list.head)
  column.height, column.depth, column.width = 0, 0, 0
  column.shift = tex.dimen.textwidth + tex.dimen.marginparsep
  return column
end

local function build(boxes, floats, plan, H, number)
  local page = {floats = {}, rows = {}}
  local list, notes, order = {}, {}, 0
  local placed = {}
  local function put_float(e)
    append(list, e.box)
    placed[node.direct.todirect(e.box)] = e
    local rest = e.height - e.box.height - e.box.depth
    if rest > 0 then append(list, kern(rest)) end
  end
  for k = plan.f + 1, plan.f + plan.t do
    put_float(floats[k])
    if k < plan.f + plan.t or plan.e >= plan.s then append(list, glue(TOPSEP)) end
  end
  local here = {}
  for k = plan.f + plan.t + 1, plan.f + plan.t + plan.h do
    local a = floats[k].anchor
    here[a] = here[a] or {}
    table.insert(here[a], floats[k])
  end
  local first = true
  for i = plan.s, plan.e do
    local b = boxes[i]
    -- the gap before box i; at the top of a page white space and penalties go
    for _, n in ipairs(b.gap) do
      n.next, n.prev = nil, nil
      local skip = first and (n.id == GLUE or n.id == KERN or n.id == PENALTY)
      if skip then node.free(n) else append(list, n) end
    end
    if first then append(list, kern(math.max(0, tex.skip.topskip.width - b.height))) end
    first = false
    b.node.next, b.node.prev = nil, nil
    append(list, b.node)
    placed[node.direct.todirect(b.node)] = b
    for _, e in ipairs(here[i] or {}) do
      append(list, glue(HERESEP)); put_float(e); append(list, glue(HERESEP))
    end
    if b.before.chapter then page.opens = true; page.chapter = b.before.chapter.text; page.section = page.section or '' end
    if b.before.section and not page.section then page.section = b.before.section.text end
    if b.before.chapter or b.before.section then
      page.last_chapter = b.before.chapter and b.before.chapter.text or page.last_chapter
      page.last_section = b.before.section and b.before.section.text or (b.before.chapter and '' or page.last_section)
    end
  end
  for _, n in ipairs(boxes[plan.e + 1] and boxes[plan.e + 1].leading or boxes.trailing or {}) do
    n.next, n.prev = nil, nil
    if plan.e >= plan.s then append(list, n) end
  end
  -- a page is as high as it can be, and no higher than white space may grow
  local natural = node.vpack(node.copy_list(list.head))
  local size = natural.height
  local stretch, shrink = 0, 0
  for n in node.traverse(list.head) do
    if n.id == GLUE then
      if n.stretch_order == 0 then stretch = stretch + n.stretch end
      if n.shrink_order == 0 then shrink = shrink + n.shrink end
    end
  end
  node.flush_list(natural)
  local target = H
  local after = boxes[plan.e + 1]
  local ends = not after or after.before.chapter
  if size < H then target = (ends and size) or math.min(H, size + STRETCH * stretch) end
  local box = node.vpack(list.head, target, 'exactly')
  -- where everything came to stand
  local y, sign, order_, set = 0, box.glue_sign, box.glue_order, box.glue_set
  local used = 0
  for n in node.traverse(box.list) do
    local id = n.id
    if id == HLIST or id == VLIST or id == RULE then
      local what = placed[node.direct.todirect(n)]
      local row = {y = y + n.height, top = y, what = what, node = n}
      page.rows[#page.rows + 1] = row
      used = y + n.height
      if what and what.kind == 'float' and n.width > tex.dimen.textwidth + pt then
        order = order + 1
        notes[#notes + 1] = {y = y, size = n.height + n.depth, order = order}
      end
      if what and what.kind == 'float' and what.note then
        order = order + 1
        notes[#notes + 1] = {y = y + what.note.height, box = what.note, order = order}
      end
      if id == HLIST then
        local x = n.head
        while x do
          local following = x.next
          local e = is_event(x)
          if e and e.kind == 'note' then
            order = order + 1
            notes[#notes + 1] = {y = y + n.height, box = e.box, order = order}
          end
          x = following
        end
      end
      y = y + n.height + n.depth
    elseif id == GLUE then
      local w = n.width
      if sign == 1 and n.stretch_order == order_ then w = w + n.stretch * set end
      if sign == 2 and n.shrink_order == order_ then w = w - n.shrink * set end
      y = y + w
    elseif id == KERN then
      y = y + n.kern
    else
      local e = is_event(n)
      if e and e.kind == 'note' then
        order = order + 1
        notes[#notes + 1] = {y = y + e.box.height, box = e.box, order = order}
      end
    end
  end
  local column = margin(notes, H, number)
  if column then
    column.next = box.list
    box.list.prev = column
    box.list = column
  end
  box.height, box.depth, box.width = H, 0, tex.dimen.textwidth
  page.box, page.used, page.ends = box, used, ends
  return page
end

-- the gaps as lists of nodes; what stands before the first white space of a gap belongs to the box above it
local function gaps(boxes, head)
  local i, n = 1, head
  local leading, gap, white = {}, {}, false
  while n do
    local following = n.next
    if boxes[i] and n == boxes[i].node then
      boxes[i].gap, boxes[i].leading = gap, leading
      if i == 1 or boxes[i].before.cost == math.huge and not boxes[i].before.chapter then
        local all = {}
        for _, x in ipairs(leading) do all[#all + 1] = x end
        for _, x in ipairs(gap) do all[#all + 1] = x end
        boxes[i].gap, boxes[i].leading = all, {}
      end
      leading, gap, white = {}, {}, false
      i = i + 1
    else
      if n.id == GLUE or n.id == KERN or n.id == PENALTY then white = true end
      if white then gap[#gap + 1] = n else leading[#leading + 1] = n end
    end
    n = following
  end
  for _, x in ipairs(gap) do leading[#leading + 1] = x end
  boxes.trailing = leading
end

function galley.run(register)
  local start = os.clock()
  local all = tex.box[register]
  local boxes, floats = read(all.list)
  together(boxes)
  gaps(boxes, all.list)
  local H = tex.dimen.textheight
  local plans = cut(boxes, floats, H)
  all.list = nil
  -- leading material within a page belongs to the gap again
  for _, p in ipairs(plans) do
    for i = p.s + 1, p.e do
      local b = boxes[i]
      for k = #b.leading, 1, -1 do table.insert(b.gap, 1, b.leading[k]) end
      b.leading = {}
    end
  end
  local chapter, section = '', ''
  for k, p in ipairs(plans) do
    local page = build(boxes, floats, p, H, k)
    page.head = page.opens and '' or (page.section or section)
    if page.head == '' and not page.opens then page.head = chapter end
    chapter = page.last_chapter or chapter
    section = page.last_section or section
    pages[k] = page
  end
  local out = {}
  for k = 1, #pages do out[#out + 1] = '\\nngalleypage{' .. k .. '}' end
  texio.write_nl('log', string.format('galley: %d boxes, %d floats, %d pages, %.2f s', #boxes, #floats, #pages, os.clock() - start))
  tex.print(out)
end

-- hand page k to TeX, and say what is on it
local report
function galley.page(k, register)
  local page = pages[k]
  report = report or assert(io.open(os.getenv('PAGES') or 'nn.pages', 'w'))
  local function say(...) report:write(table.concat({...}, '\t'), '\n') end
  say('page', tex.count['c@page'], string.format('%.1f', tex.dimen.textheight / pt), string.format('%.1f', page.used / pt), page.ends and 'ends' or '-')
  for _, row in ipairs(page.rows) do
    local w, y = row.what, string.format('%.1f', row.y / pt)
    if not w then say('box', y)
    elseif w.kind == 'float' then say('float', y, w.name or '-')
    elseif w.chunk then say('code', y, w.chunk, w.k, w.n)
    elseif w.par then say(w.heading and 'heading' or 'line', y, w.par, w.line, w.lines)
    else say('box', y) end
  end
  report:flush()
  tex.box[register] = page.box
  token.set_macro('nngalleyhead', page.head, 'global')
end
