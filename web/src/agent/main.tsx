import { render } from "preact";
import { applyPreferences } from "../ui/preferences";
import { watchInstall } from "../ui/install";
import { serviceWorker } from "../ui/trusted";
import { App } from "./app";

applyPreferences();
watchInstall();
void serviceWorker();
render(<App />, document.getElementById("page")!);
