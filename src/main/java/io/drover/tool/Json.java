package io.drover.tool;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON as Drover reads and writes it: strict (RFC 8259), decimal numbers exact, nesting at most 100 deep, numbers at most
 * 100 digits long.
 */
public final class Json {

    private static final ObjectMapper MAPPER = mapper(false);
    private static final ObjectMapper STRICT = mapper(true);

    private static ObjectMapper mapper(boolean refuseDuplicateNames) {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(100)
                        .maxNumberLength(100)
                        .build())
                // Buffers kept by thread are of no use to virtual threads: each would begin with new ones.
                .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, refuseDuplicateNames)
                .build();
        return JsonMapper.builder(factory)
                .addModule(new JavaTimeModule())
                .addModule(new Jdk8Module())
                .addModule(new ForeignValues())
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .build();
    }

    private Json() {}

    /** Parses a document from outside: anything after it is an error, and so is a member name that comes twice. */
    public static JsonNode parse(String document) throws JsonProcessingException {
        JsonNode node = STRICT.readTree(document);
        if (node.isMissingNode()) {
            throw new EmptyDocumentException();
        }
        return node;
    }

    /** A mapper that reads and writes like this class, duplicate names refused, for libraries that want one. */
    public static ObjectMapper mapper() {
        return STRICT.copy();
    }

    /** A document as maps, lists, strings, numbers, booleans and null. */
    public static @Nullable Object value(String document) throws JsonProcessingException {
        return MAPPER.readValue(document, Object.class);
    }

    /** A tree as maps, lists, strings, numbers, booleans and null. */
    public static @Nullable Object value(JsonNode node) {
        return MAPPER.convertValue(node, Object.class);
    }

    /** Any value as a tree. */
    public static JsonNode tree(@Nullable Object value) {
        return MAPPER.valueToTree(value);
    }

    /** Any value as a document. */
    public static String write(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "a value of type %s cannot be written as JSON: %s"
                            .formatted(value == null ? null : value.getClass().getName(), e.getOriginalMessage()),
                    e);
        }
    }

    /**
     * The one spelling of a value: members sorted by name, numbers without redundant zeros, no white space. Equal values
     * have equal spellings (after RFC 8785, but decimals stay exact).
     */
    public static String canonical(JsonNode node) {
        return write(sorted(node));
    }

    private static Object sorted(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> members = new TreeMap<>();
            node.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
            return members;
        }
        if (node.isArray()) {
            return node.valueStream().map(Json::sorted).toList();
        }
        return node.isNumber() ? normal(node.decimalValue()) : node;
    }

    private static JsonNode normal(BigDecimal number) {
        return DecimalNode.valueOf(number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros());
    }

    private static final class EmptyDocumentException extends JsonProcessingException {
        EmptyDocumentException() {
            super("the document is empty");
        }
    }
}
