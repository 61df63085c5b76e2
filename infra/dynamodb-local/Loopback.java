import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;

/** DynamoDB Local on the loopback only, port 0 for a free one. It has no option for either. */
public class Loopback {
    public static void main(String[] args) throws Exception {
        var freePort = false;
        for (var i = 1; i < args.length; i++) {
            if (args[i - 1].equals("-port") && args[i].equals("0")) {
                args[i] = "8000";
                freePort = true;
            }
        }
        var local = ServerRunner.createServerFromCommandLineArgs(args);
        var field = local.getClass().getDeclaredField("server");
        field.setAccessible(true);
        var server = (Server) field.get(local);
        for (var connector : server.getConnectors()) {
            ((ServerConnector) connector).setHost("127.0.0.1");
            if (freePort) {
                ((ServerConnector) connector).setPort(0);
            }
        }
        local.start();
        System.out.println("DynamoDB Local listens on 127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort());
        local.join();
    }
}
