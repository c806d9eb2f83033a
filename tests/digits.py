#!/usr/bin/env python3
"""digits.py nn.nw digits.tsv: does something stand behind each number in the running text?

Behind a number stands one of these:
  code in which it occurs: a chunk of the same chapter, the runs in tangled/published.*, or the experiments in figures/;
  the source of a test that the same section names, or a work that the same paragraph cites;
  an equation in the text whose sides are equal (they are computed here);
  a line of digits.tsv: the number, words beside it, and what is behind it.
Integers up to 12 and powers of two count what the reader sees.  Not looked at are formulas on lines of their
own, tables, exercises and their answers, which set numbers of their own, and what describes a picture.
"""
import glob
import re
import sys

source, table = sys.argv[1:3]
text = open(source, encoding='utf-8').read()


def read(*patterns):
    return '\n'.join(open(f, encoding='utf-8').read() for p in patterns for f in sorted(glob.glob(p)))


def blank(match):
    return re.sub(r'[^\n]', ' ', match.group())


def numbers(code):
    return {float(n) for n in re.findall(r'(?<![\w.])(\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?', code)}


def computed(formula):
    """The numbers of an equation in plain arithmetic: none if it is no such thing, False if it is wrong."""
    plain = re.sub(r'\{,\}|\\,', '', formula).replace('\\cdot', '*').replace('\\times', '*')
    plain = re.sub(r'\^\{?(-?\d+)\}?', r'**\1', plain)
    if '=' not in plain or not re.fullmatch(r'[\d.\s=+*/()-]+', plain):
        return set()
    sides = [eval(re.sub(r'\b0+(?=\d)', '', side)) for side in plain.split('=')]
    return max(sides) - min(sides) <= 1e-9 * max(sides) and numbers(plain)


tests, experiments = read('tests/test_*.c', 'tests/answers/test_*.c'), numbers(read('tangled/published.*', 'figures/*.c', 'figures/trials.tsv', 'figures/bench/*.c'))
chunk = re.compile(r'^<<.*?>>=\n(.*?)^@(?=[ \n])[^\n]*', re.M | re.S)
silent = [chunk, re.compile(r'(?<!\\)%.*'), re.compile(r'\[\[.*?\]\]+', re.S),
          re.compile(r'\\begin\{(tikzpicture|verbatim|tabular|thebibliography|equation|align|gather|multline|exercise|answer)\*?\}'
                     r'.*?\\end\{\1\*?\}|\\\[.*?\\\]', re.S),
          re.compile(r'(?<=\}\{fig:)[\w-]+\}\{(?:[^{}]|\{[^{}]*\})*\}'),
          re.compile(r'\\(label|ref|eqref|index|input|url|href|texttt|listing|[hv]space)\*?(\[[^]]*\])?(\{[^{}]*\})+')]
start = text.index('\\chapter{')
rows = [line.rstrip('\n').split('\t') for line in open(table, encoding='utf-8') if line.strip() and line[0] != '#']
used, bad, at = set(), 0, start
for chapter in re.split(r'(?m)^(?=\\chapter)', text[start:]):
    code = numbers('\n'.join(m.group(1) for m in chunk.finditer(chapter))) | experiments
    said = chapter
    for pattern in silent:
        said = pattern.sub(blank, said)
    proved = [(m.start(), set()) for m in re.finditer(r'(?m)^(?=\\(?:chapter|section))', said)] + [(len(said), set())]
    for (begin, behind), (end, _) in zip(proved, proved[1:]):
        for suite, name in re.findall(r'(\w+)/(\w+)', ' '.join(re.findall(r'\\(?:test|begin\{proved\})\{([^}]*)\}', said[begin:end]))):
            found = re.search(r'Test\(%s, %s\b.*?^\}' % (suite, name), tests, re.M | re.S)
            behind |= numbers(found.group()) if found else set()
    for paragraph in re.finditer(r'(?:[^\n]+\n?)+', said):
        words = paragraph.group()
        behind = code | [found for begin, found in proved if begin <= paragraph.start()][-1]
        for formula in re.findall(r'\$([^$]*)\$', words):
            value = computed(formula)
            if value is False:
                print(f'{source}: the sides of {formula} are not equal')
                bad += 1
            behind |= value or set()
        plain = re.sub(r'\\(test|cite|begin\{proved\})\{[^}]*\}', blank, words)
        plain = re.sub(r'(?<=\d)\{,\}(?=\d)', '', plain)
        for m in re.finditer(r'(?<![\w\\.{^_])\d+(?:\.\d+)?(?![\w}])', plain):
            value = float(m.group())
            if value in behind or value <= 12 and value % 1 == 0 or value in (2 ** k for k in range(33)) or '\\cite' in words:
                continue
            line = ' '.join(plain[max(0, m.start() - 60):m.end() + 60].split())
            hits = {i for i, row in enumerate(rows) if row[0] == m.group() and row[1] in line}
            used |= hits
            if not hits:
                n = text[:at + paragraph.start() + m.start()].count('\n') + 1
                print(f'{source}:{n}: what stands behind {m.group()}?  {line}')
                bad += 1
    at += len(chapter)
for i in sorted(set(range(len(rows))) - used):
    print(f'{table}: {rows[i][0]} beside "{rows[i][1]}" is no longer in the text')
    bad += 1
sys.exit(bad > 0)
