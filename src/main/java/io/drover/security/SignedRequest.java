package io.drover.security;

import io.drover.problem.Problem;
import io.drover.problem.Refusal;
import io.drover.task.BodyPace;
import io.drover.task.IntakeRoom;
import io.drover.task.TaskProblems;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * A request whose body was read as it came: neither inflated nor decoded, because the sender signed these bytes.
 * It has no other credentials: a signature takes the place of a login.
 */
final class SignedRequest extends HttpServletRequestWrapper {

    private static final int PIECE = 8192;

    /** The body is not read to its end. */
    static final class RefusedException extends RuntimeException implements Refusal {

        private final transient Problem problem;

        private RefusedException(Problem problem) {
            super(problem.detail());
            this.problem = problem;
        }

        @Override
        public Problem problem() {
            return problem;
        }
    }

    private final byte[] body;

    private SignedRequest(HttpServletRequest request, byte[] body) {
        super(request);
        this.body = body;
    }

    /**
     * Reads the body, before anything else does.
     *
     * @param max the longest that is read
     * @throws RefusedException                    if it is longer or too slow
     * @throws io.drover.task.IntakeFullException  if all bodies that are being received leave no room
     */
    static SignedRequest read(HttpServletRequest request, int max, IntakeRoom room) throws IOException {
        if (request.getContentLengthLong() > max) {
            throw new RefusedException(TaskProblems.bodyTooLarge(max));
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        BodyPace pace = new BodyPace();
        byte[] piece = new byte[PIECE];
        int taken = 0;
        try {
            ServletInputStream in = request.getInputStream();
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                room.take(n);
                taken += n;
                Problem problem = taken > max ? TaskProblems.bodyTooLarge(max) : pace.came(n);
                if (problem != null) {
                    throw new RefusedException(problem);
                }
                body.write(piece, 0, n);
            }
        } finally {
            room.giveBack(taken); // it is counted again where it is inflated
        }
        return new SignedRequest(request, body.toByteArray());
    }

    byte[] body() {
        return body;
    }

    @Override
    public ServletInputStream getInputStream() {
        ByteArrayInputStream bytes = new ByteArrayInputStream(body);
        return new ServletInputStream() {
            @Override
            public int read() {
                return bytes.read();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                return bytes.read(buffer, offset, length);
            }

            @Override
            public boolean isFinished() {
                return bytes.available() == 0;
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setReadListener(ReadListener listener) {
                throw new IllegalStateException("the body is there already");
            }
        };
    }

    @Override
    public BufferedReader getReader() {
        return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }

    @Override
    public int getContentLength() {
        return body.length;
    }

    @Override
    public long getContentLengthLong() {
        return body.length;
    }

    private static boolean isHidden(String header) {
        return header.equalsIgnoreCase(HttpHeaders.AUTHORIZATION);
    }

    @Override
    public @Nullable String getHeader(String name) {
        return isHidden(name) ? null : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return isHidden(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        return Collections.enumeration(Collections.list(super.getHeaderNames()).stream()
                .filter(name -> !isHidden(name))
                .toList());
    }
}
