import { render } from "preact";
import { Door } from "../door/door";
import { share } from "../door/way-in";
import { applyPreferences } from "../ui/preferences";
import { App } from "./app";
import { Dashboard } from "./dashboard";

applyPreferences();
const door = new Door("supervisor", ["supervisor", "admin"], (link) => new Dashboard(link));
share(door);
render(<App door={door} />, document.getElementById("page")!);
