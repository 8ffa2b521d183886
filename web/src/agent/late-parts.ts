import type { ComponentType } from "preact";
import { h } from "preact";
import { late } from "../ui/late";
import { Loading } from "../ui/states";

// What is not needed to see how one stands, what rings and what one has: one file, that is asked for as soon as that is seen.

type Parts = typeof import("./parts");
type Components = { [Name in keyof Parts as Name extends Capitalize<Name> ? Name : never]: Parts[Name] };

/** The page's other half. Rejects when it cannot be had. */
export const parts = (): Promise<Parts> => import("./parts");

function part<Name extends keyof Components>(name: Name, isPlace = false): (props: Parameters<Components[Name]>[0]) => ReturnType<ReturnType<typeof late>> {
  return late(() => parts().then((all) => all[name] as ComponentType<Parameters<Components[Name]>[0]>), isPlace ? h(Loading as ComponentType, {}) : null);
}

export const SignIn = part("SignIn", true);
export const CasePanel = part("CasePanel", true);
export const OtherCase = part("OtherCase", true);
export const LineView = part("LineView", true);
export const SearchPlace = part("SearchPlace", true);
export const Appointments = part("Appointments", true);
export const DayView = part("DayView", true);
export const QueueList = part("QueueList");
export const FlagButton = part("FlagButton");
export const LastView = part("LastView");
export const Agenda = part("Agenda");
export const ConnectionBanner = part("ConnectionBanner");
export const StatusHint = part("StatusHint");
export const Away = part("Away");
export const OfferStory = part("OfferStory");
export const Many = part("Many");
export const AccountItems = part("AccountItems");
export const Sheets = part("Sheets");
export const DeclineDialog = part("DeclineDialog");
export const ChannelsDialog = part("ChannelsDialog");
export const ReturnDialog = part("ReturnDialog");
export const TransferDialog = part("TransferDialog");
export const EditDialog = part("EditDialog");
export const WakeDialog = part("WakeDialog");
