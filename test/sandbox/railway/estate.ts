import type { World, WorldEnvironment, WorldProject, WorldService } from "./world.ts";

/** A service in an environment: the unit that holds variables and is deployed. */
export interface Place {
  readonly project: WorldProject;
  readonly environment: WorldEnvironment;
  readonly service: WorldService;
}

/** An environment together with the project that owns it. */
export interface EnvironmentOfProject {
  readonly project: WorldProject;
  readonly environment: WorldEnvironment;
}

/** Finds projects, environments and services by id. */
export class Estate {
  readonly projects: readonly WorldProject[];
  readonly places: readonly Place[];

  constructor(world: World) {
    this.projects = world.projects;
    this.places = world.projects.flatMap((project) =>
      project.environments.flatMap((environment) =>
        environment.services.map((service) => ({ project, environment, service })),
      ),
    );
  }

  project(projectId: string): WorldProject | undefined {
    return this.projects.find(({ id }) => id === projectId);
  }

  environment(environmentId: string): EnvironmentOfProject | undefined {
    for (const project of this.projects) {
      const environment = project.environments.find(({ id }) => id === environmentId);
      if (environment) return { project, environment };
    }
    return undefined;
  }

  placesIn(environmentId: string): readonly Place[] {
    return this.places.filter(({ environment }) => environment.id === environmentId);
  }

  place(environmentId: string, serviceId: string): Place | undefined {
    return this.placesIn(environmentId).find(({ service }) => service.id === serviceId);
  }

  /** For tests, which mostly have one environment: its id is needed only where the service stands in several. */
  onlyPlace(serviceId: string, environmentId?: string): Place {
    const [place, another] = this.places.filter(
      ({ environment, service }) =>
        service.id === serviceId && (environmentId === undefined || environment.id === environmentId),
    );
    if (!place) throw new Error(`No service ${serviceId} in this world`);
    if (another) throw new Error(`Service ${serviceId} stands in several environments: name one`);
    return place;
  }
}

/** The name of a place in maps and messages. */
export function placeKey(place: Place): string {
  return `${place.environment.id}/${place.service.id}`;
}
