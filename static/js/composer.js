// The composer's own bundle: editors over the plain fields, findings as one types, and what the keyboard does with them.
import * as conflict from "./composer/conflict.js";
import * as editors from "./composer/editors.js";
import * as findings from "./composer/findings.js";
import * as lengths from "./composer/lengths.js";

const form = document.querySelector("form[data-composer]");

if (form) {
  for (const [name, module] of Object.entries({ editors, findings, lengths, conflict })) {
    try {
      module.start(form);
    } catch (error) {
      console.error(`composer: ${name} did not start`, error); // the plain field still works
    }
  }
}
