import com.keepersecurity.secretsManager.core.InMemoryStorage;
import com.keepersecurity.secretsManager.core.SecretsManager;
import com.keepersecurity.secretsManager.core.SecretsManagerOptions;

/** Redeems the token in DEVICE_ONE_TIME_TOKEN at DEVICE_HOSTNAME, and prints the titles of what it may read. */
public class Device {
    public static void main(String[] args) {
        var storage = new InMemoryStorage();
        SecretsManager.initializeStorage(storage, System.getenv("DEVICE_ONE_TIME_TOKEN"), System.getenv("DEVICE_HOSTNAME"));
        var secrets = SecretsManager.getSecrets(new SecretsManagerOptions(storage));
        for (var record : secrets.getRecords()) System.out.println(record.getTitle());
    }
}
