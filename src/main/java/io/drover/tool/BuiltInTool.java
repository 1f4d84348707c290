package io.drover.tool;

import io.drover.json.Schema;
import java.util.Set;
import org.apache.camel.Processor;

/**
 * A tool that is made by code instead of a route file.
 * It has a route and a guard like every tool, and configuration overrides its options.
 *
 * @param name        the name that calls use
 * @param description what it does, for people and models; it may be foreign text, because Camel resolves nothing in it
 * @param arguments   the schema of its arguments
 * @param step        what a call does, inside the guard
 */
public record BuiltInTool(
        String name, String description, Set<String> tags, Schema arguments, ToolOptions options, Processor step) {}
