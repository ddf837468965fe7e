// Everything here is help: each page reads and each form works without it. One module, one job.
import "htmx.org";
import * as autosave from "./autosave.js";
import * as copy from "./copy.js";
import * as countdown from "./countdown.js";
import * as dialogs from "./dialogs.js";
import * as files from "./files.js";
import * as forms from "./forms.js";
import * as live from "./live.js";
import * as palette from "./palette.js";
import * as panels from "./panels.js";
import * as polled from "./polled.js";
import * as relative from "./relative.js";
import * as sending from "./sending.js";
import * as shortcuts from "./shortcuts.js";
import * as tabs from "./tabs.js";
import * as timeline from "./timeline.js";
import * as theme from "./theme.js";
import * as toasts from "./toasts.js";
import * as unknown from "./unknown.js";

const modules = {
  autosave, copy, countdown, dialogs, files, forms, live, palette, panels, polled, relative, sending, shortcuts, tabs, theme, timeline, toasts, unknown,
};

for (const [name, module] of Object.entries(modules)) {
  try {
    module.start();
  } catch (error) {
    console.error(`${name} did not start`, error); // one that fails must not stop the others
  }
}
