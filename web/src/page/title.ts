import { effect } from "@preact/signals";
import { workplace } from "./session";

effect(() => {
  const offers = workplace.value?.view.value.offers.length ?? 0;
  document.title = offers > 0 ? `(${offers}) Offer – Casebaton` : "Casebaton";
});
