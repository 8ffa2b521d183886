import { render } from "preact";
import { Door } from "../door/door";
import { applyPreferences } from "../ui/preferences";
import { App } from "./app";
import { Dashboard } from "./dashboard";

applyPreferences();
const door = new Door("supervisor", ["supervisor", "admin"], (link) => new Dashboard(link));
render(<App door={door} />, document.getElementById("page")!);
