// math.mjs: formulas to MathML, by temml, with what it leaves undone: TeX's spaces, formulas that may break.
import temml from './node_modules/temml/dist/temml.mjs';

// unicode-math's bold: upright for Latin letters, \boldsymbol for Greek ones
export const bold = tex =>
  tex.replace(/\\symbf\s*(\{?)(\\?)/g, (_, brace, greek) =>
    (greek ? '\\boldsymbol' : '\\mathbf') + (brace || (greek ? '' : ' ')) + greek);

const scripts = /^(msub|msup|msubsup|munder|mover|munderover)$/;
// TeX puts no space around operators in scripts; MathML does unless told
function closeUp(mathml) {
  const open = []; // [name, children so far, is it in a script?]
  return mathml.replace(/<(\/?)([a-z]+)([^>]*)>/g, (all, close, tag, rest) => {
    if (close) {
      open.pop();
      return all;
    }
    const above = open.at(-1);
    const script = !!above && (above[2] || scripts.test(above[0]) && above[1] > 0);
    if (above) above[1]++;
    open.push([tag, 0, script]);
    return tag === 'mo' && script && !/space=|form="prefix"/.test(rest) ? `<mo${rest} lspace="0" rspace="0">` : all;
  });
}
// styles of temml's become classes, so that a page may forbid styles in elements
const styles = new Map();
export const mathStyles = () => [...styles].map(([style, name]) => `.${name}{${style}}`).join('');
const withClasses = mathml =>
  mathml.replace(/<(\w+)([^>]*?) style="([^"]*)"([^>]*)>/g, (_, tag, before, style, after) => {
    if (!styles.has(style)) styles.set(style, 'm' + styles.size);
    const attributes = before + after;
    const [, other] = / class="([^"]*)"/.exec(attributes) ?? [];
    const names = other ? `${other} ${styles.get(style)}` : styles.get(style);
    return `<${tag}${attributes.replace(/ class="[^"]*"/, '')} class="${names}">`;
  });
// macros: { '\\mX': '\\mathbf{X}' }.  Throws where TeX isn't understood
export function math(tex, display, macros) {
  const wholeNumbers = bold(tex).replace(/(\d),(?=\d)/g, '$1,{}');
  const options = { displayMode: display, trust: true, throwOnError: true, wrap: 'none' };
  const mathml = temml.renderToString(wholeNumbers, { ...options, macros: { ...macros } })
    // \ln after a script has a thin space before it
    .replace(/(<\/(?:msub|msup|msubsup|mfrac)>)(<mrow><mi>[A-Za-z]{2,}<\/mi><mo>⁡)/g,
      '$1<mspace width="0.1667em"></mspace>$2')
    // a number's sign, and no operator between two
    .replace(/(<mrow>(?:<mspace[^>]*><\/mspace>)+<mo)(?=>−<)/g, '$1 form="prefix"')
    .replace(/<mo stretchy="false" lspace="0em" rspace="0em">−/g, '<mo form="prefix">−')
    .replace(/(<mo fence="true" form="prefix"[^>]*>[([]<\/mo>(?:<mrow>)*<mo)(?=>−<)/g, '$1 form="prefix"')
    // no space at the end; some between an f, which leans, and a bar
    .replace(/(<mspace[^>]*><\/mspace>)+(?=<\/mrow><\/math>)/g, '')
    .replace(/<mi>f<\/mi>(?=<mi>\|)/g, '$&<mspace width="0.1em"></mspace>');
  return withClasses(closeUp(mathml))
    .replace(/<mspace><\/mspace>/g, '')
    .replace(/ style="(display:block math|math-depth:0);?"| class="tml-display"/g, '')
    .replace(/ xmlns="[^"]*"| fence="true" form="(prefix|postfix)"| separator="true"/g, '')
    .replace(/ form="(prefix|postfix)"(?= stretchy="false">[()[\]]<)/g, '')
    .replace(/ form="prefix" stretchy="false"( lspace="0em" rspace="0em")?(?=>[−+±]<)/g, ' form=prefix')
    .replace(/ ([a-z]+)="([\w.-]+)"/g, ' $1=$2');
}
// where a formula in a line may break when it's long: after a relation or a comma that no brace encloses
const CUT = /^(?:=|\\(?:approx|le|ge|to|leftarrow)(?![A-Za-z])|,(?=\\[ \\;]|\s))/;
const SHORT = 45;
export function breakable(tex) {
  if (tex.length < SHORT) return [tex];
  const parts = [''];
  for (let i = 0, depth = 0; i < tex.length; i++) {
    const sign = tex[i];
    const cut = depth ? null : CUT.exec(tex.slice(i));
    if (cut && parts.at(-1).length > 8) {
      parts[parts.length - 1] += cut[0];
      i += cut[0].length - 1;
      parts.push('');
      continue;
    }
    if (/\\left(?![a-z])|\\begin/.test(tex.slice(i, i + 6))) depth++;
    if (/^\\(right(?![a-z])|end\{)/.test(tex.slice(i, i + 7))) depth--;
    if ('{(['.includes(sign) && tex[i - 1] !== '\\') depth++;
    if ('})]'.includes(sign) && tex[i - 1] !== '\\') depth--;
    parts[parts.length - 1] += sign;
  }
  return parts.filter(part => part.trim());
}
