// What a dashboard of ours may hold, from Grafana's own types: the options of a panel follow from its type.
import type * as grafana from "@grafana/schema";
import type * as raw from "./node_modules/@grafana/schema/dist/types/raw/dashboard/x/types.gen";
import type * as timeseries from "@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";
import type * as stat from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type * as timeline from "@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen";

/** A type as JSON has it: strings where the type has enums of strings. */
type Json<T> = T extends string ? `${T}` : T extends (infer E)[] ? Json<E>[] : T extends object ? { [K in keyof T]: Json<T[K]> } : T;

type Target = { refId: string; datasource: grafana.DataSourceRef; expr: string; legendFormat: string; instant?: boolean };

type Panel<Type extends string, Options, Custom> = Omit<raw.Panel, "type" | "targets" | "options" | "fieldConfig"> & {
  type: Type;
  title: string;
  description: string;
  gridPos: raw.GridPos;
  targets: Target[];
  options: Options;
  fieldConfig: { defaults: Omit<raw.FieldConfig, "custom"> & { unit: string; custom?: Custom }; overrides: raw.FieldConfigSource["overrides"] };
};

export type Dashboard = Json<
  Omit<raw.Dashboard, "panels"> & {
    uid: string;
    title: string;
    panels: (
      | Panel<"timeseries", timeseries.Options, timeseries.FieldConfig>
      | Panel<"stat", stat.Options, never>
      | Panel<"state-timeline", timeline.Options, timeline.FieldConfig>
    )[];
  }
>;
