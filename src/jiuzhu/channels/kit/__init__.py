"""What all channels share: tokens and components, three densities, the frame of a page, errors, login, actors."""
