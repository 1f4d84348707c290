package io.drover.api;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** An answer that is a problem (RFC 9457). */
final class ProblemException extends ErrorResponseException {

    private static final String TYPE = "urn:drover:problem:";

    private ProblemException(HttpStatus status, ProblemDetail problem) {
        super(status, problem, null);
    }

    /** @param type one word of the problem's name, for programs */
    static ProblemException of(HttpStatus status, String type, String detail, FieldProblem... problems) {
        return new ProblemException(status, problem(status, type, detail, List.of(problems)));
    }

    static ProblemException badField(String field, Object value, String problem, String accepted) {
        return of(
                HttpStatus.BAD_REQUEST,
                "bad-field",
                "%s %s; it must be %s".formatted(field, problem, accepted),
                FieldProblem.of(field, value, problem, accepted));
    }

    ProblemException retryAfter(Duration pause) {
        getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(pause.toSeconds()));
        return this;
    }

    ProblemException with(String member, Object value) {
        getBody().setProperty(member, value);
        return this;
    }

    static ProblemDetail problem(HttpStatus status, String type, String detail, List<FieldProblem> problems) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create(TYPE + type));
        if (!problems.isEmpty()) {
            problem.setProperty("problems", problems);
        }
        return problem;
    }
}
