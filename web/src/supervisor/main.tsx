import { render } from "preact";
import { applyPreferences } from "../ui/preferences";
import { Empty } from "../ui/states";
import { t } from "../ui/texts";

applyPreferences();
render(
  <main>
    <h1 class="visually-hidden">{t.dashboard}</h1>
    <Empty title={t.noDashboard}>{t.steerElsewhere}</Empty>
  </main>,
  document.getElementById("page")!,
);
