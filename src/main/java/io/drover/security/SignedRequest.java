package io.drover.security;

import io.drover.problem.Problem;
import io.drover.problem.Refusal;
import io.drover.task.BodyPace;
import io.drover.task.IntakeRoom;
import io.drover.task.TaskProblems;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * A request whose body was read as it came: neither inflated nor decoded, because the sender signed these bytes.
 * It has no other credentials: a signature takes the place of a login.
 */
final class SignedRequest extends ReadRequest {

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

    private SignedRequest(HttpServletRequest request, byte[] body) {
        super(request, body);
    }

    /**
     * Reads the body, before anything else does.
     *
     * @param sender whose room it takes
     * @param max    the longest that is read
     * @throws RefusedException                    if it is longer or too slow
     * @throws io.drover.task.IntakeFullException  if all bodies that are being received, or those of the sender, leave no room
     */
    static SignedRequest read(HttpServletRequest request, String sender, int max, IntakeRoom room) throws IOException {
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
                room.take(sender, n);
                taken += n;
                Problem problem = taken > max ? TaskProblems.bodyTooLarge(max) : pace.came(n);
                if (problem != null) {
                    throw new RefusedException(problem);
                }
                body.write(piece, 0, n);
            }
        } finally {
            room.giveBack(sender, taken); // it is counted again where it is inflated
        }
        return new SignedRequest(request, body.toByteArray());
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
