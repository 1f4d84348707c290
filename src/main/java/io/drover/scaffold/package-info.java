/** New route files: samples with comments, and tools out of an OpenAPI document, of which no text is believed. */
@org.jspecify.annotations.NullMarked
package io.drover.scaffold;
