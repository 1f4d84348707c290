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
import com.networknt.schema.OneOfValidator;
import com.networknt.schema.RecursiveRefValidator;
import com.networknt.schema.RefValidator;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.ValidationContext;
import com.networknt.schema.ValidationMessage;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keywords of JSON Schema as they are here: those by which the work can double are counted, and {@link ExactKeywords} takes
 * the place of those that the library checks inexactly.
 */
final class SchemaKeywords {

    static final Map<String, Keyword> OURS = Stream.of(
                    keyword("$ref", Ref::new),
                    keyword("$dynamicRef", DynamicRefValidator::new),
                    keyword("$recursiveRef", RecursiveRefValidator::new),
                    keyword("allOf", AllOf::new),
                    keyword("anyOf", AnyOf::new),
                    keyword("oneOf", OneOf::new),
                    keyword("multipleOf", ExactKeywords.MultipleOf::new),
                    keyword("uniqueItems", ExactKeywords.UniqueItems::new))
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
}
