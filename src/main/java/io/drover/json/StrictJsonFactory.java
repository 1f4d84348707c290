package io.drover.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.DataInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;

/** Makes the parsers of JSON from outside. Whatever mapper uses it refuses what {@link StrictJsonParser} refuses. */
final class StrictJsonFactory extends JsonFactory {

    static final int MAX_DEPTH = 100;
    static final int MAX_DIGITS = 100;
    private static final int MAX_NAME = 50_000;
    private static final int MAX_TEXT = 20_000_000;
    private static final long MAX_DOCUMENT = 50_000_000;

    private final boolean checksValues;

    StrictJsonFactory() {
        this(true);
    }

    /** @param checksValues whether its parsers are {@link StrictJsonParser}s */
    StrictJsonFactory(boolean checksValues) {
        super(new JsonFactoryBuilder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNumberLength(MAX_DIGITS)
                        .maxNameLength(MAX_NAME)
                        .maxStringLength(MAX_TEXT)
                        .maxDocumentLength(MAX_DOCUMENT)
                        .build())
                // Buffers kept by thread are of no use to virtual threads: each would begin with new ones.
                .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // The names of foreign objects are not worth a place in a table that lives as long as the process.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES));
        this.checksValues = checksValues;
    }

    /** It holds no codec, so it can be shared. */
    @Override
    public JsonFactory copy() {
        return new StrictJsonFactory(checksValues);
    }

    /** Without blocking it would be read past {@link StrictJsonParser}. */
    @Override
    public boolean canParseAsync() {
        return false;
    }

    @Override
    protected JsonParser _createParser(InputStream in, IOContext context) throws IOException {
        return checked(super._createParser(in, context));
    }

    @Override
    protected JsonParser _createParser(Reader reader, IOContext context) throws IOException {
        return checked(super._createParser(reader, context));
    }

    @Override
    protected JsonParser _createParser(char[] data, int offset, int length, IOContext context, boolean recyclable)
            throws IOException {
        return checked(super._createParser(data, offset, length, context, recyclable));
    }

    @Override
    protected JsonParser _createParser(byte[] data, int offset, int length, IOContext context) throws IOException {
        return checked(super._createParser(data, offset, length, context));
    }

    @Override
    protected JsonParser _createParser(DataInput in, IOContext context) throws IOException {
        return checked(super._createParser(in, context));
    }

    private JsonParser checked(JsonParser parser) {
        return checksValues ? new StrictJsonParser(parser) : parser;
    }
}
