package io.drover.api;

import io.drover.task.TaskProblems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A body as text: UTF-8, as RFC 8259 wants it, whatever the content type says. */
final class InputText {

    private InputText() {}

    /** @param body bounded by {@link BodyLimit} */
    static String of(InputStream body) throws IOException {
        byte[] bytes = body.readAllBytes();
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ProblemException.of(TaskProblems.notText());
        }
    }
}
