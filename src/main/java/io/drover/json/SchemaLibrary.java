package io.drover.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.Keyword;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.Vocabularies;
import com.networknt.schema.Vocabulary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The validator of JSON Schema (draft 2020-12, and older ones where {@code $schema} says so), set up so that it opens
 * no document and its work can be counted.
 */
final class SchemaLibrary {

    private static final SchemaValidatorsConfig STRICT = SchemaValidatorsConfig.builder()
            .formatAssertionsEnabled(true)
            .pathType(PathType.JSON_PATH)
            .regularExpressionFactory(BoundedPattern.FACTORY)
            .preloadJsonSchemaRefMaxNestingDepth(1) // each level doubles what references double
            .build();

    private static final JsonSchemaFactory FACTORY = builder()
            .schemaLoaders(loaders -> loaders.add(iri -> {
                throw new JsonSchemaException(
                        "'%s' is another document, and Drover opens none; a $ref must name a part of its own schema, as in #/$defs/address"
                                .formatted(Excerpt.of(iri.toString())));
            }))
            .build();

    /** What a schema must look like; its parts are files of the library. */
    static final BoundedSchema OF_SCHEMAS =
            new BoundedSchema(() -> builder().build().getSchema(SchemaLocation.of(SchemaId.V202012), STRICT));

    private SchemaLibrary() {}

    private static JsonSchemaFactory.Builder builder() {
        List<JsonMetaSchema> dialects = List.of(
                dialect(JsonMetaSchema.getV202012()),
                dialect(JsonMetaSchema.getV201909()),
                dialect(JsonMetaSchema.getV7()),
                dialect(JsonMetaSchema.getV6()),
                dialect(JsonMetaSchema.getV4()));
        return JsonSchemaFactory.builder()
                .defaultMetaSchemaIri(dialects.getFirst().getIri())
                .metaSchemas(dialects);
    }

    private static JsonMetaSchema dialect(JsonMetaSchema standard) {
        JsonMetaSchema.Builder dialect = JsonMetaSchema.builder(standard)
                .vocabularyFactory(SchemaLibrary::vocabulary)
                .formats(formats -> formats.replaceAll((name, format) -> new BoundedFormat(format)));
        SchemaKeywords.OURS.values().stream()
                .filter(keyword -> standard.getKeywords().containsKey(keyword.getValue()))
                .forEach(dialect::keyword);
        return dialect.build();
    }

    /** Newer dialects take their keywords from vocabularies. */
    private static @Nullable Vocabulary vocabulary(String iri) {
        Vocabulary standard = Vocabularies.getVocabulary(iri);
        return standard == null
                ? null
                : new Vocabulary(
                        iri,
                        standard.getKeywords().stream()
                                .map(keyword -> SchemaKeywords.OURS.getOrDefault(keyword.getValue(), keyword))
                                .toArray(Keyword[]::new));
    }

    /** @throws JsonSchemaException when it refers to what it does not hold */
    static JsonSchema load(JsonNode document) {
        JsonSchema schema = FACTORY.getSchema(document, STRICT);
        schema.initializeValidators();
        return schema;
    }
}
