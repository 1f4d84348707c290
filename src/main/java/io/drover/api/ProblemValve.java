package io.drover.api;

import io.drover.problem.Problem;
import java.io.IOException;
import java.io.Writer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.http.HttpStatus;

/** Tomcat's error page as an RFC 9457 problem. It is public because Tomcat creates it by name. */
public class ProblemValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, Throwable thrown) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        HttpStatus status = HttpStatus.resolve(response.getStatus());
        try {
            response.setContentType(Problem.MEDIA_TYPE);
            response.setCharacterEncoding("UTF-8");
            Writer writer = response.getReporter();
            if (writer != null) {
                Problem problem = status == null || status.is5xxServerError()
                        ? Problem.internal()
                        : Problem.of(status, "the request is malformed and is refused");
                writer.write(problem.json(request.getDecodedRequestURI() == null ? null : request.getRequestURI()));
                response.finishResponse();
            }
        } catch (IOException e) {
            container.getLogger().debug("the client is gone", e);
        }
    }
}
