'load later';

export { glob } from 'tinyglobby';
