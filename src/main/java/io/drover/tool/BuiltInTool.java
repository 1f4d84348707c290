package io.drover.tool;

import io.drover.json.Schema;
import java.util.Set;
import org.apache.camel.Processor;

/**
 * A tool that code makes: no file declares it. It has a route and a guard like any other, and configuration overrides its
 * options like any other's.
 *
 * @param name        as calls name it; it is put into no URI
 * @param description what it does, for people and models; plain text from anywhere
 * @param arguments   what its arguments must look like
 * @param step        what a call does, inside the guard
 */
public record BuiltInTool(
        String name, String description, Set<String> tags, Schema arguments, ToolOptions options, Processor step) {}
