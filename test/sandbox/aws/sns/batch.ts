import type {
  BatchResultErrorEntry,
  PublishBatchInput,
  PublishBatchRequestEntry,
  PublishBatchResponse,
  PublishBatchResultEntry,
} from "@aws-sdk/client-sns";
import { AwsError } from "../wire/aws-error.ts";
import type { Checked } from "../wire/operation-schema.ts";
import { acceptMessage, bytesOf, messageBytesMax } from "./message.ts";
import type { TopicStore } from "./topic-store.ts";

type Entry = Checked<PublishBatchRequestEntry>;

const entriesMax = 10;

/** Publishes a batch: an entry that is refused does not stop the others. */
export function publishBatch(store: TopicStore, input: Checked<PublishBatchInput>): PublishBatchResponse {
  const topic = store.find(input.TopicArn);
  const Successful: PublishBatchResultEntry[] = [];
  const Failed: BatchResultErrorEntry[] = [];
  // The schema's check has seen that each entry has its id and its message.
  const entries = input.PublishBatchRequestEntries as Entry[];
  checkEntries(entries);
  for (const entry of entries) {
    try {
      const message = acceptMessage(entry);
      store.publish(topic, message);
      Successful.push({ Id: entry.Id, MessageId: message.id });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

function checkEntries(entries: readonly Entry[]): void {
  const ids = new Set(entries.map(({ Id }) => Id));
  if (entries.length === 0) throw batchError("EmptyBatchRequest", "has no entries");
  if (entries.length > entriesMax)
    throw batchError("TooManyEntriesInBatchRequest", `has over ${entriesMax} entries`);
  if (ids.size < entries.length) throw batchError("BatchEntryIdsNotDistinct", "uses an id twice");
  if ([...ids].some((id) => !/^[\w-]{1,80}$/.test(id)))
    throw batchError("InvalidBatchEntryId", "has an invalid id");
  const bytes = entries.reduce((total, entry) => total + bytesOf(entry), 0);
  if (bytes > messageBytesMax) throw batchError("BatchRequestTooLong", `is over ${messageBytesMax} bytes`);
}

function batchError(code: string, fault: string): AwsError {
  return new AwsError(code, `The batch request ${fault}.`);
}
