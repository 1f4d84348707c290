/**
 * The console: pages for people, made on the server from what the HTTP API answers. What a page shows can be had from
 * the API, because the pages are made of its records, and a decision taken here goes through its methods.
 */
@org.jspecify.annotations.NullMarked
package io.drover.console;
