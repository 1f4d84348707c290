package io.drover.memory;

import io.drover.json.Schema;
import io.drover.tool.ToolSpec;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * The tools of long memory. Calls of any of them may be repeated at will: recalling changes nothing, and the others
 * take effect once.
 */
public enum MemoryTool {
    RECALL("Facts of a key that are nearest in meaning to a text", "query"),
    REMEMBER("Keep a fact under a key", "fact"),
    FORGET("Forget all facts of a key");

    private static final String TYPE = "string";

    private final String description;
    private final Schema arguments;
    private final Schema argumentsWithoutKey;

    MemoryTool(String description, String... besidesTheKey) {
        this.description = description;
        SequencedMap<String, String> types = new LinkedHashMap<>();
        for (String argument : besidesTheKey) {
            types.put(argument, TYPE);
        }
        this.argumentsWithoutKey = Schema.ofTypes(types);
        types.putFirst("key", TYPE);
        this.arguments = Schema.ofTypes(types);
    }

    /** Its name in routes. */
    public String toolName() {
        return ToolSpec.MEMORY + functionName();
    }

    /** Its name for a model that works on one key. */
    public String functionName() {
        return name().toLowerCase(Locale.ROOT);
    }

    String description() {
        return description;
    }

    /** Whether it only reads. */
    public boolean isReadOnly() {
        return this == RECALL;
    }

    /** What a dry run hears of it: a fact that is not kept, or none that is forgotten. */
    String inDryRun() {
        return this == FORGET ? "{\"forgotten\":0}" : "{\"remembered\":true}";
    }

    /** The schema of its arguments. */
    public Schema arguments() {
        return arguments;
    }

    /** The same without the key, for a caller that must not choose it. */
    public Schema argumentsWithoutKey() {
        return argumentsWithoutKey;
    }

    /** The beginning of a text, which is all that a search reads. */
    public static String beginning(String text) {
        return text.codePointCount(0, text.length()) <= Texts.LONGEST_FACT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, Texts.LONGEST_FACT));
    }
}
