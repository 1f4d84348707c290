package io.drover.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.MessageSourceValidationMessage;
import com.networknt.schema.MultipleOfValidator;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.UniqueItemsValidator;
import com.networknt.schema.ValidationContext;
import com.networknt.schema.ValidationMessage;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;

/**
 * Keywords that compare values: numbers are compared exactly, and items are told apart in a time that does not depend on
 * who chose them.
 */
final class ExactKeywords {

    private ExactKeywords() {}

    /** The library divides doubles, and lets a rest below a billionth pass. */
    static final class MultipleOf extends MultipleOfValidator {

        private final BigDecimal divisor;

        MultipleOf(
                SchemaLocation location,
                JsonNodePath path,
                JsonNode value,
                JsonSchema parent,
                ValidationContext context) {
            super(location, path, value, parent, context);
            divisor = value.isNumber() ? value.decimalValue() : BigDecimal.ZERO;
        }

        @Override
        public Set<ValidationMessage> validate(
                ExecutionContext execution, JsonNode node, JsonNode root, JsonNodePath instance) {
            if (!node.isNumber() || divisor.signum() == 0) {
                return Set.of();
            }
            CheckBudget.spend(node.isInt() ? 1 : 100);
            return node.decimalValue().remainder(divisor).signum() == 0
                    ? Set.of()
                    : broken(message(), execution, node, instance, divisor.toString());
        }
    }

    /** The library's hash table becomes a list where a sender chooses items with equal hashes. */
    static final class UniqueItems extends UniqueItemsValidator {

        private final boolean unique;

        UniqueItems(
                SchemaLocation location,
                JsonNodePath path,
                JsonNode value,
                JsonSchema parent,
                ValidationContext context) {
            super(location, path, value, parent, context);
            unique = value.asBoolean();
        }

        @Override
        public Set<ValidationMessage> validate(
                ExecutionContext execution, JsonNode node, JsonNode root, JsonNodePath instance) {
            if (!unique || !node.isArray()) {
                return Set.of();
            }
            Set<String> seen = new HashSet<>();
            for (JsonNode item : node) {
                if (!seen.add(Json.canonical(item))) {
                    return broken(message(), execution, node, instance);
                }
            }
            return Set.of();
        }
    }

    private static Set<ValidationMessage> broken(
            MessageSourceValidationMessage.Builder message,
            ExecutionContext execution,
            JsonNode node,
            JsonNodePath instance,
            Object... arguments) {
        return Set.of(message.instanceNode(node)
                .instanceLocation(instance)
                .locale(execution.getExecutionConfig().getLocale())
                .failFast(execution.isFailFast())
                .arguments(arguments)
                .build());
    }
}
