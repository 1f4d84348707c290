/**
 * Language models: which there are, how they are called over HTTP, what a call costs and who pays for it.
 *
 * <p>A model is called like a tool, {@code model.<name>}, behind the same guard and recorded in the same journal
 * ({@link io.drover.model.ModelTools}).
 *
 * <p>Chat completions have a writer and a reader of our own ({@code CompletionsRequest}, {@code CompletionsReply}): servers
 * spell them in many ways, and a library's client loses what it does not know. Providers with an interface of their own come
 * by LangChain4j ({@code LangChainClient}).
 */
@org.jspecify.annotations.NullMarked
package io.drover.model;
