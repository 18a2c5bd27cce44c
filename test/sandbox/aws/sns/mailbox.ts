/** An e-mail that was "delivered". */
export type Mail = {
  readonly subject: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageId: string;
};

/** Every address's mail, in memory. */
export class Mailboxes {
  readonly #mails = new Map<string, Mail[]>();

  deliver(address: string, mail: Mail): void {
    this.#mails.set(address, [...this.read(address), mail]);
  }

  /** The mail of one address, oldest first. */
  read(address: string): readonly Mail[] {
    return this.#mails.get(address) ?? [];
  }
}
