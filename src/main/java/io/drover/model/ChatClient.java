package io.drover.model;

/** Asks one model over the wire, once. */
interface ChatClient {

    /**
     * @throws ProviderException    when the provider answers with an error
     * @throws ModelAnswerException when the answer cannot be read
     */
    Reply ask(Prompt prompt);
}
