package io.drover;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Stands before PostgreSQL and cuts the next connection that sends a certain statement; the others live on. */
public final class CuttingProxy {

    /** What becomes of the statement. */
    public enum When {
        /** The server never has it. */
        BEFORE,
        /** It is committed, and whoever sent it does not hear that. */
        AFTER
    }

    /** What the server says when a command is done, and no transaction is open. */
    private static final byte[] IDLE = {'Z', 0, 0, 0, 5, 'I'};

    private record Cut(String statement, When when) {}

    private final ServerSocket here;
    private final URI database;
    private final AtomicReference<Cut> next = new AtomicReference<>();
    private final AtomicInteger cuts = new AtomicInteger();

    /** @param url the JDBC URL of the database behind it */
    public CuttingProxy(String url) {
        try {
            database = URI.create(url.substring("jdbc:".length()));
            here = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** The JDBC URL of the database through this. Each statement is sent with its text, so that it is recognized. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:%d%s?%s&prepareThreshold=0"
                .formatted(here.getLocalPort(), database.getPath(), database.getQuery());
    }

    /** Cuts the next connection that sends a statement with this text. */
    public void cut(String text, When when) {
        cuts.set(0);
        next.set(new Cut(text, when));
    }

    /** How many connections were cut since the last order to. */
    public int cuts() {
        return cuts.get();
    }

    /** Cuts nothing any more. */
    public void spare() {
        next.set(null);
    }

    private void accept() {
        while (!here.isClosed()) {
            try {
                Socket client = here.accept();
                new Link(client, new Socket(InetAddress.getLoopbackAddress(), database.getPort())).start();
            } catch (IOException e) { // the server is not there, or the client is gone
            }
        }
    }

    private final class Link {

        private final Socket client;
        private final Socket server;
        private volatile boolean deaf;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void start() {
            Thread.ofVirtual().start(this::requests);
            Thread.ofVirtual().start(this::answers);
        }

        private void requests() {
            byte[] bytes = new byte[1 << 16];
            String before = "";
            try (client;
                    server) {
                InputStream in = client.getInputStream();
                OutputStream out = server.getOutputStream();
                for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                    Cut cut = next.get();
                    String seen = before + new String(bytes, 0, n, StandardCharsets.ISO_8859_1);
                    if (cut != null && seen.contains(cut.statement) && next.compareAndSet(cut, null)) {
                        cuts.incrementAndGet();
                        if (cut.when == When.BEFORE) {
                            return;
                        }
                        deaf = true;
                    }
                    before = cut == null ? "" : seen.substring(Math.max(0, seen.length() - cut.statement.length() + 1));
                    out.write(bytes, 0, n);
                }
            } catch (IOException e) { // one of the two has closed
            }
        }

        private void answers() {
            byte[] bytes = new byte[1 << 16];
            int matched = 0;
            try (client;
                    server) {
                InputStream in = server.getInputStream();
                OutputStream out = client.getOutputStream();
                for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                    for (int i = 0; i < n; i++) {
                        matched = bytes[i] == IDLE[matched % IDLE.length] && matched < IDLE.length
                                ? matched + 1
                                : bytes[i] == IDLE[0] ? 1 : 0;
                    }
                    if (deaf && matched == IDLE.length) {
                        return;
                    }
                    out.write(bytes, 0, n);
                }
            } catch (IOException e) { // one of the two has closed
            }
        }
    }
}
