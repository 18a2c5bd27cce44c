import * as z from "zod";

/** What a CloudWatch dashboard sends (CloudWatch user guide, "Details about custom widgets"); more than this is not read. */
export const widgetEventSchema = z.looseObject({
  describe: z.boolean().optional(),
  widgetContext: z.looseObject({ theme: z.enum(["light", "dark"]).catch("light") }).optional(),
});

export type WidgetEvent = z.output<typeof widgetEventSchema>;
