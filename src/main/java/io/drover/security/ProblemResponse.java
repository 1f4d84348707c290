package io.drover.security;

import io.drover.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes a problem outside of controllers. */
final class ProblemResponse {

    private ProblemResponse() {}

    static void write(HttpServletRequest request, HttpServletResponse response, Problem problem) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        if (problem.retryAfter() != null) {
            response.setHeader("Retry-After", Problem.seconds(problem.retryAfter()));
        }
        response.setStatus(problem.status().value());
        response.setContentType(Problem.MEDIA_TYPE);
        response.getOutputStream().write(problem.json(request.getRequestURI()).getBytes(StandardCharsets.UTF_8));
    }
}
