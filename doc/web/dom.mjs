// dom.mjs: what the scripts of the book, of its figures and of the desk have in common.
export function make(tag, properties = {}, ...inside) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
}

// the address of the desk, where the site has one beside the book
export const desk = () => document.querySelector('meta[name=desk]')?.content;

// a formula that's too wide is a little smaller, before it is scrolled; what scrolls does so by keyboard, too
const SMALLEST = .74;
export function fit(root = document, boxes = '.scroll') {
  const formulas = [...root.querySelectorAll('.eq .scroll')];
  for (const formula of formulas) formula.style.fontSize = '';
  const shares = formulas.map(formula => formula.clientWidth / formula.scrollWidth);
  formulas.forEach((formula, i) => {
    if (shares[i] < .995) formula.style.fontSize = `${Math.max(SMALLEST, shares[i] * .985)}em`;
  });
  const wide = e => e.scrollWidth > e.clientWidth + 1;
  for (const [box, scrolls] of [...root.querySelectorAll(boxes)].map(e => [e, wide(e)])) {
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  }
}
