package io.drover.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.ValidationMessage;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A schema that values are checked against, in a bounded time and memory. */
final class BoundedSchema {

    /** Also the counted work of 1 MiB against a schema that people write; about a second at most. */
    private static final long STEPS_OF_A_CHECK = 20_000_000;

    private static final long STEPS_OF_LOADING = 2_000_000;

    /** The validator keeps each expansion of a reference, some KiB, for as long as the schema lives. */
    private static final int MAX_EXPANSIONS = 20_000;

    private final Supplier<JsonSchema> loader;
    private final AtomicInteger expansions = new AtomicInteger();
    private volatile JsonSchema schema;

    /** @param loader builds the schema again, without what was expanded before */
    BoundedSchema(Supplier<JsonSchema> loader) {
        this.loader = loader;
        this.schema = load();
    }

    /** @throws IllegalArgumentException when nothing can be checked against it, because of what it refers to */
    static BoundedSchema of(JsonNode document) {
        try {
            JsonNode top = SchemaReferences.atTop(document);
            CheckBudget.within(STEPS_OF_LOADING, () -> SchemaLibrary.load(top));
            return new BoundedSchema(() -> SchemaLibrary.load(document));
        } catch (CheckBudget.SpentException e) {
            throw new IllegalArgumentException(
                    "the schema cannot be used: it is too large, or its references form too many cycles");
        } catch (JsonSchemaException e) {
            throw new IllegalArgumentException("the schema cannot be used: " + message(e), e);
        }
    }

    private JsonSchema load() {
        return CheckBudget.within(STEPS_OF_LOADING, loader).result();
    }

    /** What is wrong with a value, at most ten problems. */
    List<String> problems(JsonNode value) {
        return HeavyWork.runSafely(JsonLimits.size(value), () -> check(value));
    }

    private List<String> check(JsonNode value) {
        JsonNode normal = JsonNumbers.normal(value, Integer.MAX_VALUE);
        try {
            CheckBudget.Checked<List<String>> checked =
                    CheckBudget.within(STEPS_OF_A_CHECK, () -> words(schema.validate(normal)));
            if (expansions.addAndGet(checked.expansions()) > MAX_EXPANSIONS) {
                forget();
            }
            return checked.result();
        } catch (CheckBudget.SpentException e) {
            forget();
            return List.of("checking this against the schema takes too much work; send less, or simplify the schema");
        } catch (JsonSchemaException e) {
            return List.of("the schema cannot be used: " + message(e));
        }
    }

    private void forget() {
        schema = load();
        expansions.set(0);
    }

    private static List<String> words(Collection<ValidationMessage> problems) {
        if (problems.isEmpty()) {
            return List.of(); // nearly always
        }
        return problems.stream()
                .limit(10)
                .map(ValidationMessage::getMessage)
                .map(BoundedSchema::withoutPath)
                .map(Excerpt::of)
                .toList();
    }

    private static String message(JsonSchemaException e) {
        return Excerpt.of(withoutPath(String.valueOf(e.getMessage())));
    }

    /** The document itself has no path. */
    private static String withoutPath(String message) {
        return message.startsWith(": ") ? message.substring(2) : message;
    }
}
