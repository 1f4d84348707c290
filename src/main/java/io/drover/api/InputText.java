package io.drover.api;

import io.drover.json.ContentType;
import io.drover.json.TextReader;
import io.drover.json.UnreadableTextException;
import io.drover.task.TaskProblems;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.HttpHeaders;

/** A body as text: UTF-8, as RFC 8259 requires, or the charset of its content type. */
final class InputText {

    private InputText() {}

    /** @param request bounded by {@link BodyLimit} */
    static String of(HttpServletRequest request) throws IOException {
        ContentType type = ContentType.of(request.getHeader(HttpHeaders.CONTENT_TYPE));
        try {
            return TextReader.read(request.getInputStream().readAllBytes(), type);
        } catch (UnreadableTextException e) {
            throw ProblemException.of(TaskProblems.unreadable(e, TextReader.knows(type)));
        }
    }
}
