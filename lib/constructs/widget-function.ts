import { Duration, Names, Stack, Validations } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { FleetFunction } from "./fleet-function.ts";

/** Shows on a dashboard what the last check found; it reads the memory and asks nobody. */
export class WidgetFunction extends FleetFunction {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: "Tallystick widget: shows on the dashboard what the last check found",
      entry: "functions/widget/handler.ts",
      timeout: Duration.seconds(30),
      // Who looks at a dashboard has to invoke it: by this beginning, IAM policies tell widgets from other functions
      // (CloudWatch user guide, "Add a custom widget to a CloudWatch dashboard").
      functionName: `${widgetNameStart}${nameOf(scope)}`,
    });
    Validations.of(this.function).acknowledge({
      id: "Serverless-LambdaDLQ",
      reason: "It is invoked by a dashboard alone, which waits for the answer and shows a failure.",
    });
  }
}

const widgetNameStart = "customWidget";
const functionNameCharactersMax = 64;

/** Unique in its account and Region, as the stack is. */
function nameOf(scope: Construct): string {
  const maxLength = functionNameCharactersMax - widgetNameStart.length;
  return Names.uniqueResourceName(Stack.of(scope), { maxLength });
}
