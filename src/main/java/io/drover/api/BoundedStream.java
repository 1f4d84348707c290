package io.drover.api;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body, as it comes or inflated, up to the limit of its request. */
final class BoundedStream extends ServletInputStream {

    private static final int MAX_SWALLOWED = 10_000_000;

    private final InputStream body;
    private final ServletInputStream raw;
    private final BoundedRequest request;
    private long left;
    private boolean ended;

    BoundedStream(InputStream body, ServletInputStream raw, BoundedRequest request) {
        this.body = body;
        this.raw = raw;
        this.request = request;
        this.left = request.max();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n;
        try {
            n = body.read(buffer, offset, length);
        } catch (IOException e) {
            throw request.refused(e);
        }
        ended |= n < 0;
        left -= Math.max(0, n);
        if (left < 0) {
            swallow();
            throw request.refusedAsTooLarge();
        }
        request.room().take(Math.max(0, n));
        if (body == raw && n > 0) {
            request.came(n);
        }
        return n;
    }

    /** A client that is still sending when the connection is closed may never see the answer. */
    private void swallow() throws IOException {
        byte[] ignored = new byte[8192];
        int swallowed = 0;
        for (int n = 0; n >= 0 && swallowed < MAX_SWALLOWED; n = raw.read(ignored)) {
            swallowed += n;
        }
    }

    @Override
    public boolean isFinished() {
        return ended || body == raw && raw.isFinished();
    }

    @Override
    public boolean isReady() {
        return raw.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
        raw.setReadListener(listener);
    }
}
