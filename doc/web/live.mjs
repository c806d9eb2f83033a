// live.mjs: finds the book's figures in the page and gives each a button that makes it live.  What a figure
// does is in a file of its own, a function of a panel, for controls and pictures, and of Program, for
// numbers.
import { desk, make } from './dom.mjs';
import check from './live-check.mjs';
import digits from './live-digits.mjs';
import hand from './live-hand.mjs';
import { Panel, Program } from './live-panel.mjs';
import race from './live-race.mjs';
import shapes from './live-shapes.mjs';
import train from './live-train.mjs';
import weights from './live-weights.mjs';

const RACE = desk() ? 'Race them, with your own code' : 'Race them';
const FIGURES = {
  'fig:published': ['Train it here', train],
  'fig:boundary': ['Train it here', train],
  'fig:vcurve': ['Move the step', check],
  'fig:flow': ['Change the widths', shapes],
  'fig:byhand': ['Work it, number by number', hand],
  'fig:init': ['Choose the deviation', weights],
  'fig:optimizers': [RACE, race('optimizers')],
  'fig:batchnorm': [RACE, race('batchnorm')],
  'fig:dropout': [RACE, race('dropout')],
  'fig:digits': ['Draw a digit', digits],
};
async function begin(element, act) {
  const panel = new Panel(element);
  panel.say('starting …');
  try {
    await act(panel, Program);
    element.scrollIntoView({ block: 'nearest' });
  } catch (e) {
    panel.say(`This figure can’t be made live here: ${e.message}. The rest of the page goes on.`, 'wrong');
  }
}
for (const [id, [text, act]] of Object.entries(FIGURES)) {
  const button = make('button', { type: 'button', className: 'go', ariaExpanded: 'false' }, text);
  const panel = make('div', { className: 'panel', hidden: true, role: 'group', ariaLabel: text });
  button.onclick = () => {
    panel.hidden = !panel.hidden;
    button.ariaExpanded = String(!panel.hidden);
    if (panel.hidden) panel.dispatchEvent(new Event('pause'));
    else if (!panel.firstChild) begin(panel, act);
  };
  document.getElementById(id)?.closest('figure')?.append(make('div', { className: 'live' }, button, panel));
}
