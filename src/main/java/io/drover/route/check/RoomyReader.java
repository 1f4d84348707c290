package io.drover.route.check;

import java.io.FilterReader;
import java.io.IOException;
import java.io.StringReader;

/**
 * A text for the YAML parser, which reads one more character where a piece ends within a pair of surrogates, and fails
 * if the piece has filled its buffer. So no piece does.
 */
final class RoomyReader extends FilterReader {

    RoomyReader(String text) {
        super(new StringReader(text));
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        return super.read(buffer, offset, Math.max(1, length - 1));
    }
}
