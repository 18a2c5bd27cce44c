import { randomUUID } from "node:crypto";
import type { AwsError } from "./aws-error.ts";
import type { HttpAnswer, HttpRequest, Protocol } from "./protocol.ts";
import { readForm } from "./query-form.ts";
import { element, writeXml } from "./xml.ts";

const namespace = "http://sns.amazonaws.com/doc/2010-03-31/";

/** awsQuery in and XML out, as SNS speaks it; the links in its messages are the same forms as a GET. */
export const queryProtocol: Protocol = {
  operationName: (request) => formOf(request).get("Action") ?? "",
  readInput: (request, operation) => readForm(formOf(request), operation.input),
  writeAnswer: (operation, answer) => {
    const result = element(`${operation.name}Result`, writeXml(operation.output, answer));
    const metadata = element("ResponseMetadata", element("RequestId", randomUUID()));
    return xml(200, `${operation.name}Response`, result + metadata);
  },
  writeError: (error) =>
    xml(error.status, "ErrorResponse", errorXml(error) + element("RequestId", randomUUID())),
};

function formOf({ method, path, body }: HttpRequest): URLSearchParams {
  return method === "GET" ? new URL(path, "http://127.0.0.1").searchParams : new URLSearchParams(body);
}

function errorXml(error: AwsError): string {
  const fault = error.status < 500 ? "Sender" : "Receiver";
  const parts = { Type: fault, Code: error.code, Message: error.message };
  const text = Object.entries(parts).map(([name, part]) => element(name, writeXml({ kind: "string" }, part)));
  return element("Error", text.join(""));
}

function xml(status: number, root: string, content: string): HttpAnswer {
  return { status, type: "text/xml", body: `<${root} xmlns="${namespace}">${content}</${root}>` };
}
