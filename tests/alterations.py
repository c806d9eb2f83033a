"""Every operator, constant, condition, call and statement of a text in C, altered one at a time."""
import re

TOKEN = re.compile(r"""(?P<blank>\s+|/\*.*?\*/|//[^\n]*|^[ \t]*\#(?:[^\n\\]|\\.|\\\n)*) | (?P<text>"(?:[^"\\]|\\.)*"|
    '(?:[^'\\]|\\.)*') | (?P<number>\.?\d(?:[\w.]|(?<=[eEpP])[-+])*) | (?P<name>[A-Za-z_]\w*) |
    (?P<sign><<=|>>=|->|\+\+|--|&&|\|\||[-+*/%&|^<>=!]=|<<|>>|\.\.\.|.)""", re.X | re.S | re.M)
SIGNS = {"<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"], "==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"],
         "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["/"], "<<": [">>"], ">>": ["<<"], "|": ["&"],
         "&": ["|"], "^": ["&"], "+=": ["-=", "="], "-=": ["+=", "="], "*=": ["/=", "="], "/=": ["*=", "="],
         "|=": ["&=", "="], "&=": ["|=", "="], "^=": ["="], "++": ["--"], "--": ["++"]}
WORDS = {"true": ["false"], "false": ["true"]}
PLAIN = "if for while switch do else return break continue case default sizeof const static struct enum typedef".split()


def alterations(source):
    """(from, to, text) for each: source[from:to] becomes text"""
    tokens = [m for m in TOKEN.finditer(source) if m.lastgroup != "blank"]
    words = [m.group() for m in tokens]
    partner, stack = {}, []
    for i, w in enumerate(words):
        if w in "([{":
            stack.append(i)
        elif w in ")]}":
            top = stack.pop()
            partner[top], partner[i] = i, top
    start, end = [m.start() for m in tokens], [m.end() for m in tokens]
    told = {i for i, w in enumerate(words) if w == "stop" for i in range(i, partner.get(i + 1, i))}
    braces, kind = 0, ""

    def edge(i, step):                      # how far a clause goes from i
        while words[i] not in ("&&", "||", ",", ";", "?", ":", "return", "=", "&=", "|=", "<none>"):
            if words[i] in ("([{" if step < 0 else ")]}"):
                break
            i = partner[i] + step if words[i] in (")]}" if step < 0 else "([{") else i + step
        return i - step

    for i, (m, w) in enumerate(zip(tokens, words)):
        before, after = words[i - 1] if i else "", words[i + 1] if i + 1 < len(words) else ""
        if w in "{}":
            braces += 1 if w == "{" else -1
        if not braces and w == "(" and tokens[i - 1].lastgroup == "name":
            kind = source[source.rfind("\n\n", 0, start[i]) + 2:start[i]]
        if i in told:
            continue
        operand = tokens[i - 1].lastgroup in ("name", "number") and before not in PLAIN or before in (")", "]")
        if m.lastgroup == "number":
            value = w.lower().rstrip("u").lstrip("0") or "0"
            value = "0" + value if value[0] == "x" else value
            if re.fullmatch("[0-9]+|0x[0-9a-f]+", value):
                changes = {0: ["1"], 1: ["0", "2"]}.get(int(value, 0), [f"({w} + 1)", f"({w} - 1)", f"({w} / 4)"])
            else:
                by = 2 if abs(float.fromhex(value) if "x" in value else float(value)) > 1e-3 else 1000
                changes = [f"({w} * {by})", f"({w} / {by})"] if value.strip("0.") else ["1.0"]
            for c in changes:
                yield start[i], end[i], c
        elif w in SIGNS and (operand or w in ("++", "--")):
            for c in SIGNS[w]:
                yield start[i], end[i], c
        elif w in WORDS or w in "!-" or w == "~":
            yield start[i], end[i], WORDS.get(w, [""])[0]
        if w in ("&&", "||"):               # a clause less
            first, last = edge(i - 1, -1), edge(i + 1, 1)
            yield start[first], start[i + 1], ""
            if words[last + 1] not in ("&&", "||"):
                yield end[i - 1], end[last], ""
        if w == "?":
            yield start[i], start[i], "|| 1 "
            yield start[i], start[i], "&& 0 "
        if w in ("if", "while") and after == "(":
            inside = source[end[i + 1]:start[partner[i + 1]]]
            for c in ["|| 1", "&& 0"][w == "while":]:
                yield end[i + 1], start[partner[i + 1]], f"({inside}) {c}"
        if braces and m.lastgroup == "name" and after == "(" and w not in PLAIN and w != "AT" and w != "NTH":
            yield start[i], end[i], ""      # a call: its last argument instead
        begins = before in (";", "{", "}", "else") or before == ":" and "case" in words[max(i - 3, 0):i] \
            or before == ")" and words[partner[i - 1] - 1] in ("if", "for", "while", "switch")
        if braces and begins and w not in "{}":
            if before == ";" and any(w == "for" and i - 40 < k < i < partner[k + 1] for k, w in enumerate(words)):
                continue
            stop = i
            while words[stop] not in (";", "}"):
                stop = (partner[stop] if words[stop] in ("(", "[", "{") else stop) + 1
            if w in ("break", "continue") or w == "return" and after == ";" \
                    or (m.lastgroup != "name" or w not in PLAIN and tokens[i + 1].lastgroup != "name"
                        and not (after == "*" and words[i + 3] in "=;,[")):
                yield start[i], end[stop], ";"
            elif w == "return" and stop > i + 2:
                inside = source[start[i + 1]:end[stop - 1]]
                yield start[i + 1], end[stop - 1], f"!({inside})" if re.search(r"\bbool\b", kind) else "0"
