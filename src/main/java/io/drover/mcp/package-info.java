/**
 * The Model Context Protocol, both ways: tools with the tag {@code mcp} are served at {@code /mcp}, and the tools of other
 * servers appear here as {@code <server>_<tool>}.
 *
 * <p>A client's call is a task of the built-in workflow {@code mcp}, so it has an owner, a journal and an end, whatever
 * crashes. A server's tool has a route and a guard of its own, like any tool; what the server says of it is a claim, and
 * configuration goes before it. The SDK carries the messages; what they mean is decided here.
 */
@org.jspecify.annotations.NullMarked
package io.drover.mcp;
