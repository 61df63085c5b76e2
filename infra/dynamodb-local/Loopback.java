import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;

/** DynamoDB Local on the loopback only. It has no option for that, and listens everywhere. */
public class Loopback {
    public static void main(String[] args) throws Exception {
        var local = ServerRunner.createServerFromCommandLineArgs(args);
        var field = local.getClass().getDeclaredField("server");
        field.setAccessible(true);
        var server = (Server) field.get(local);
        for (var connector : server.getConnectors()) {
            ((ServerConnector) connector).setHost("127.0.0.1");
        }
        local.start();
        System.out.println("DynamoDB Local listens on 127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort());
        local.join();
    }
}
