package io.drover.json;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Refuses, token by token, what RFC 8259 allows but Drover cannot hold.
 * That is a number whose exponent fills the memory when it is written out, text that is not Unicode, and U+0000, which
 * PostgreSQL cannot store.
 */
final class StrictJsonParser extends JsonParserDelegate {

    StrictJsonParser(JsonParser parser) {
        super(parser);
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
        return checked(delegate.nextToken());
    }

    @Override
    public @Nullable JsonToken nextValue() throws IOException {
        JsonToken token = nextToken();
        return token == JsonToken.FIELD_NAME ? nextToken() : token;
    }

    private @Nullable JsonToken checked(@Nullable JsonToken token) throws IOException {
        if (token == null) {
            return null;
        }
        String problem =
                switch (token) {
                    case FIELD_NAME -> JsonLimits.problem(delegate.currentName());
                    case VALUE_STRING -> JsonLimits.problem(delegate.getText());
                    case VALUE_NUMBER_FLOAT ->
                        JsonLimits.exponentProblem(
                                delegate.getTextCharacters(), delegate.getTextOffset(), delegate.getTextLength());
                    default -> null;
                };
        if (problem != null) {
            throw new JsonParseException(this, "it holds " + problem, currentTokenLocation());
        }
        return token;
    }
}
