import { synthesiseApps } from '../synthesise-apps';

/** The process that synthesises the platforms. Arguments: pairs of an app's file and its folder. */
synthesiseApps(process.argv.slice(2)).catch(error => {
  console.error(error);
  process.exitCode = 1;
});
