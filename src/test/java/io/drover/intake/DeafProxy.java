package io.drover.intake;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands before a broker, and while it is deaf it drops what is produced: the producer hears nothing, everybody else is answered. */
public final class DeafProxy implements AutoCloseable {

    private static final short PRODUCE = 0;

    private final ServerSocket server;
    private final int broker;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile boolean deaf;

    public DeafProxy(int broker) throws IOException {
        this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        this.broker = broker;
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    public void deaf(boolean now) {
        deaf = now;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), broker);
                open.addAll(List.of(client, behind));
                Thread.ofVirtual().start(() -> requests(client, behind));
                Thread.ofVirtual().start(() -> answers(behind, client));
            } catch (IOException e) { // it closes, or the broker is not there yet
            }
        }
    }

    /** Each is its length, and begins with what it is. */
    private void requests(Socket from, Socket to) {
        try (from;
                to;
                DataInputStream in = new DataInputStream(from.getInputStream());
                DataOutputStream out = new DataOutputStream(to.getOutputStream())) {
            while (true) {
                byte[] request = new byte[in.readInt()];
                in.readFully(request);
                short kind = (short) (request[0] << 8 | request[1] & 0xff);
                if (deaf && kind == PRODUCE) {
                    continue;
                }
                out.writeInt(request.length);
                out.write(request);
                out.flush();
            }
        } catch (IOException e) { // one of the two has closed
        }
    }

    private static void answers(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) { // one of the two has closed
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
