package io.drover.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The arguments of a tool as the types of CEL. */
public final class ArgumentTypes {

    static final ArgumentTypes UNKNOWN = new ArgumentTypes(null, Set.of(), Set.of());

    private final @Nullable StructType type;
    private final Set<String> names;
    private final Set<String> optional;
    private @Nullable CelCompiler compiler;

    private ArgumentTypes(@Nullable StructType type, Set<String> names, Set<String> optional) {
        this.type = type;
        this.names = names;
        this.optional = optional;
    }

    /** @param schema of an object that has no other properties than those that it declares */
    public static ArgumentTypes of(JsonNode schema) {
        Map<String, CelType> types = new HashMap<>();
        schema.path("properties").properties().forEach(one -> types.put(one.getKey(), type(one.getValue())));
        Set<String> optional = new HashSet<>(types.keySet());
        schema.path("required").forEach(name -> optional.remove(name.asText()));
        StructType type = StructType.create(
                "arguments", ImmutableSet.copyOf(types.keySet()), name -> Optional.ofNullable(types.get(name)));
        return new ArgumentTypes(type, Set.copyOf(types.keySet()), Set.copyOf(optional));
    }

    private static CelType type(JsonNode schema) {
        return switch (schema.path("type").asText()) {
            case "string" -> SimpleType.STRING;
            case "number" -> SimpleType.DOUBLE;
            case "integer" -> SimpleType.INT;
            case "boolean" -> SimpleType.BOOL;
            case "array" -> ListType.create(type(schema.path("items")));
            default -> SimpleType.DYN;
        };
    }

    /** Made once: it costs much more than to compile with it. */
    CelCompiler compiler() {
        CelCompiler known = compiler;
        if (known == null) {
            known = Conditions.compiler(this);
            compiler = known;
        }
        return known;
    }

    CelType type() {
        return type == null ? SimpleType.DYN : type;
    }

    List<CelType> declared() {
        return type == null ? List.of() : List.of(type);
    }

    /** Of all arguments. */
    public Set<String> names() {
        return names;
    }

    /** Those that a call may leave out. */
    Set<String> optional() {
        return optional;
    }
}
