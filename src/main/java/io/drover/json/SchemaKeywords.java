package io.drover.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.AllOfValidator;
import com.networknt.schema.AnyOfValidator;
import com.networknt.schema.DynamicRefValidator;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonValidator;
import com.networknt.schema.Keyword;
import com.networknt.schema.MultipleOfValidator;
import com.networknt.schema.OneOfValidator;
import com.networknt.schema.RecursiveRefValidator;
import com.networknt.schema.RefValidator;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.UniqueItemsValidator;
import com.networknt.schema.ValidationContext;
import com.networknt.schema.ValidationMessage;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keywords of JSON Schema as they are here: those by which the work can double are counted, numbers are compared
 * exactly, and items are told apart in a time that does not depend on who chose them.
 */
final class SchemaKeywords {

    static final Map<String, Keyword> OURS = Stream.of(
                    keyword("$ref", Ref::new),
                    keyword("$dynamicRef", DynamicRefValidator::new),
                    keyword("$recursiveRef", RecursiveRefValidator::new),
                    keyword("allOf", AllOf::new),
                    keyword("anyOf", AnyOf::new),
                    keyword("oneOf", OneOf::new),
                    keyword("multipleOf", MultipleOf::new),
                    keyword("uniqueItems", UniqueItems::new))
            .collect(Collectors.toMap(Keyword::getValue, keyword -> keyword));

    private SchemaKeywords() {}

    private interface Maker {
        JsonValidator make(
                SchemaLocation location,
                JsonNodePath path,
                JsonNode value,
                JsonSchema parent,
                ValidationContext context);
    }

    private static Keyword keyword(String name, Maker maker) {
        return new Keyword() {
            @Override
            public String getValue() {
                return name;
            }

            @Override
            public JsonValidator newValidator(
                    SchemaLocation location,
                    JsonNodePath path,
                    JsonNode value,
                    JsonSchema parent,
                    ValidationContext context) {
                CheckBudget.expand(); // a reference is expanded wherever it stands
                return maker.make(location, path, value, parent, context);
            }
        };
    }

    private static final class Ref extends RefValidator {
        Ref(SchemaLocation location, JsonNodePath path, JsonNode value, JsonSchema parent, ValidationContext context) {
            super(location, path, value, parent, context);
        }

        @Override
        public Set<ValidationMessage> validate(
                ExecutionContext execution, JsonNode node, JsonNode root, JsonNodePath instance) {
            CheckBudget.spend(10);
            return super.validate(execution, node, root, instance);
        }
    }

    private static final class AllOf extends AllOfValidator {
        AllOf(
                SchemaLocation location,
                JsonNodePath path,
                JsonNode value,
                JsonSchema parent,
                ValidationContext context) {
            super(location, path, value, parent, context);
        }

        @Override
        public Set<ValidationMessage> validate(
                ExecutionContext execution, JsonNode node, JsonNode root, JsonNodePath instance) {
            CheckBudget.spend(10L * schemaNode.size());
            return super.validate(execution, node, root, instance);
        }
    }

    private static final class AnyOf extends AnyOfValidator {
        AnyOf(
                SchemaLocation location,
                JsonNodePath path,
                JsonNode value,
                JsonSchema parent,
                ValidationContext context) {
            super(location, path, value, parent, context);
        }

        @Override
        public Set<ValidationMessage> validate(
                ExecutionContext execution, JsonNode node, JsonNode root, JsonNodePath instance) {
            CheckBudget.spend(10L * schemaNode.size());
            return super.validate(execution, node, root, instance);
        }
    }

    private static final class OneOf extends OneOfValidator {
        OneOf(
                SchemaLocation location,
                JsonNodePath path,
                JsonNode value,
                JsonSchema parent,
                ValidationContext context) {
            super(location, path, value, parent, context);
        }

        @Override
        public Set<ValidationMessage> validate(
                ExecutionContext execution, JsonNode node, JsonNode root, JsonNodePath instance) {
            CheckBudget.spend(10L * schemaNode.size());
            return super.validate(execution, node, root, instance);
        }
    }

    /** The library divides doubles, and lets a rest below a billionth pass. */
    private static final class MultipleOf extends MultipleOfValidator {

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
    private static final class UniqueItems extends UniqueItemsValidator {

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
            com.networknt.schema.MessageSourceValidationMessage.Builder message,
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
