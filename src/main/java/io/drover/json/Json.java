package io.drover.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The only entrance for JSON: strict (RFC 8259), with exact decimal numbers.
 * A document is nested at most 100 deep.
 * Its numbers have at most 100 digits and an exponent of at most 400.
 * No member name occurs twice, and text is Unicode without U+0000.
 * Parsing time grows with the length alone.
 */
public final class Json {

    private static final JsonMapper STRICT = mapper(new StrictJsonFactory());

    private static final JsonMapper ENVELOPES = mapper(new StrictJsonFactory(false));

    /** For documents that Drover, perhaps an earlier and less strict release, has written or accepted before. */
    private static final JsonMapper RECORDED = mapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(1000)
                    .maxNumberLength(10_000)
                    .build())
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .build());

    private static JsonMapper mapper(JsonFactory factory) {
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

    /**
     * Parses a document from outside: anything after it is an error. Every spelling of an integer is an integer: 5.0
     * and 5e0 are 5.
     */
    public static JsonNode parse(String document) throws JsonProcessingException {
        return reading(document, () -> {
            JsonNode node = STRICT.readTree(document);
            if (node.isMissingNode()) {
                throw new EmptyDocumentException();
            }
            return JsonNumbers.normal(node, StrictJsonFactory.MAX_DIGITS);
        });
    }

    private static <T> T reading(String document, Callable<T> work) throws JsonProcessingException {
        try {
            return HeavyWork.run(document.length(), work);
        } catch (JsonProcessingException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a text is read without input or output", e);
        }
    }

    /** A mapper that reads and writes like this class, for libraries that need one. */
    public static ObjectMapper mapper() {
        return STRICT.copy();
    }

    /**
     * A mapper for messages that carry a value.
     * Refusing the whole message would end the conversation without an answer to the sender.
     * So it bounds depth, lengths and duplicate names only; the value still has to pass {@link #parse} or
     * {@link #problem}.
     */
    public static ObjectMapper envelopes() {
        return mapper(new StrictJsonFactory(false));
    }

    /** A message that carries a value, as {@link #envelopes} reads it. */
    public static JsonNode envelope(String document) throws JsonProcessingException {
        return reading(document, () -> ENVELOPES.readTree(document));
    }

    /** A factory of parsers that refuse what this class refuses, for mappers that are configured elsewhere. */
    public static JsonFactory factory() {
        return new StrictJsonFactory();
    }

    /** A document from outside as maps, lists, strings, numbers, booleans and null; decimals keep their zeros. */
    public static @Nullable Object value(String document) throws JsonProcessingException {
        return reading(document, () -> STRICT.readValue(document, Object.class));
    }

    /**
     * Reads a document that Drover has recorded, like {@link #value(String)}.
     * Recorded data is not checked again: an earlier release accepted duplicate member names and larger numbers.
     */
    public static @Nullable Object recorded(String document) throws JsonProcessingException {
        return reading(document, () -> RECORDED.readValue(document, Object.class));
    }

    /** A tree as maps, lists, strings, numbers, booleans and null. */
    public static @Nullable Object value(JsonNode node) {
        return RECORDED.convertValue(node, Object.class);
    }

    /** Any value as a tree. */
    public static JsonNode tree(@Nullable Object value) {
        return RECORDED.valueToTree(value);
    }

    /** Why a document is not JSON, for a message: short, whatever the document holds. */
    public static String reason(JsonProcessingException refused) {
        String message = refused.getOriginalMessage();
        int marker = message.indexOf(" (start marker at ");
        return Excerpt.of(marker < 0 ? message : message.substring(0, marker));
    }

    /** Why {@link #parse} would refuse a value, in words that follow "it holds"; null if it would not. */
    public static @Nullable String problem(JsonNode node) {
        return JsonLimits.problem(node);
    }

    /** Any value as a document. */
    public static String write(@Nullable Object value) {
        try {
            return RECORDED.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "a value of type %s cannot be written as JSON: %s"
                            .formatted(value == null ? null : value.getClass().getName(), e.getOriginalMessage()),
                    e);
        }
    }

    /**
     * The one spelling of a value: members sorted by name, numbers without redundant zeros, no white space. Equal values
     * have equal spellings (after RFC 8785, but decimals stay exact). It is part of the addresses of recorded calls,
     * so it must never change.
     *
     * @throws IllegalArgumentException when the value could not have come through this door
     */
    public static String canonical(JsonNode node) {
        return HeavyWork.runSafely(JsonLimits.size(node), () -> {
            String problem = JsonLimits.problem(node);
            if (problem != null) {
                throw new IllegalArgumentException("the value has no JSON spelling: it holds " + problem);
            }
            return write(sorted(node));
        });
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
