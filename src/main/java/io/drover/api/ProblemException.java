package io.drover.api;

import io.drover.problem.Problem;
import io.drover.problem.Refusal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** An answer that is a problem (RFC 9457). */
final class ProblemException extends ErrorResponseException implements Refusal {

    private @Nullable Duration pause;

    private ProblemException(HttpStatus status, ProblemDetail problem) {
        super(status, problem, null);
    }

    static ProblemException of(Problem problem) {
        ProblemException answer = of(
                problem.status(),
                problem.type(),
                problem.detail(),
                problem.parts().stream()
                        .map(part -> FieldProblem.of(part.field(), part.value(), part.problem(), part.accepted()))
                        .toArray(FieldProblem[]::new));
        return problem.retryAfter() == null ? answer : answer.retryAfter(problem.retryAfter());
    }

    /** @param type one word of the problem's name, for programs */
    static ProblemException of(HttpStatus status, String type, String detail, FieldProblem... problems) {
        return new ProblemException(status, problem(status, type, detail, List.of(problems)));
    }

    static ProblemException badField(String field, @Nullable Object value, String problem, String accepted) {
        return of(
                HttpStatus.BAD_REQUEST,
                "bad-field",
                "%s %s; it must be %s".formatted(field, problem, accepted),
                FieldProblem.of(field, value, problem, accepted));
    }

    /** For code that answers in Spring's place. */
    @Override
    public Problem problem() {
        Problem problem = Problem.of(
                HttpStatus.valueOf(getStatusCode().value()),
                Problem.typeOf(getBody()),
                String.valueOf(getBody().getDetail()));
        return pause == null ? problem : problem.retryAfter(pause);
    }

    ProblemException retryAfter(Duration pause) {
        this.pause = pause;
        getHeaders().set(HttpHeaders.RETRY_AFTER, Problem.seconds(pause));
        return this;
    }

    ProblemException with(String member, Object value) {
        getBody().setProperty(member, value);
        return this;
    }

    static ProblemDetail problem(HttpStatus status, String type, String detail, List<FieldProblem> problems) {
        ProblemDetail problem = Problem.of(status, type, detail).document();
        if (!problems.isEmpty()) {
            problem.setProperty("problems", problems);
        }
        return problem;
    }
}
