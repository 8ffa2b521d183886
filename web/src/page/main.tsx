import { render } from "preact";
import { App } from "./app";
import "./title";

render(<App />, document.getElementById("page")!);
