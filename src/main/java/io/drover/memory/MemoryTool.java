package io.drover.memory;

import io.drover.tool.Arguments;
import io.drover.tool.Json;
import io.drover.tool.ToolSpec;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The tools of long memory. Any of them may be called again at will: recalling changes nothing, and the others do their work once. */
public enum MemoryTool {
    RECALL("Facts of a key that are nearest in meaning to a text", "query", "What to look for, in a sentence.", null),

    REMEMBER(
            "Keep a fact under a key",
            "fact",
            "One sentence that is understood without this conversation.",
            Texts.LONGEST_FACT),

    FORGET("Forget all facts of a key", null, null, null);

    private static final String KEY = "key";

    private final String description;
    private final Map<String, Object> own = new LinkedHashMap<>();

    MemoryTool(String description, String argument, String meaning, Integer longest) {
        this.description = description;
        if (argument != null) {
            own.put(argument, text(meaning, longest));
        }
    }

    /** As routes name it. */
    public String toolName() {
        return ToolSpec.MEMORY + functionName();
    }

    /** As a model that works on one key names it. */
    public String functionName() {
        return name().toLowerCase(Locale.ROOT);
    }

    String description() {
        return description;
    }

    /** Whether it changes nothing. */
    public boolean isReadOnly() {
        return this == RECALL;
    }

    /** What its arguments must look like. */
    public Arguments arguments() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(KEY, text("Whose memory.", Texts.LONGEST_KEY));
        all.putAll(own);
        return schema(all);
    }

    /** The same without the key, for whoever may not choose it. */
    public Arguments argumentsWithoutKey() {
        return schema(own);
    }

    /** As much of a text as a search reads: what it is about stands at its beginning. */
    public static String beginning(String text) {
        return text.codePointCount(0, text.length()) <= Texts.LONGEST_FACT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, Texts.LONGEST_FACT));
    }

    private static Arguments schema(Map<String, Object> properties) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", properties.keySet());
        schema.put("additionalProperties", false);
        return Arguments.ofSchema(Json.write(schema));
    }

    private static Map<String, Object> text(String meaning, Integer longest) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("type", "string");
        text.put("description", meaning);
        text.put("minLength", 1);
        if (longest != null) {
            text.put("maxLength", longest);
        }
        return text;
    }
}
